import type { AttemptContext, Provided } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { DialTrace } from "./dial-trace.ts";
import { optionFailure } from "./failure.ts";
import type { NodeHeaders, TlsOptions } from "./options.ts";
import { proxyFaults } from "./proxy.ts";
import { refuse } from "./rules.ts";
import { headerFaults, type Settings } from "./settings.ts";
import { tlsSettings, type TlsSettings } from "./tls.ts";

type Ask<T> = (context: AttemptContext) => T | Promise<T>;

/** What one attempt goes by, once functions have been asked. */
export interface ProvidedOptions {
  readonly headers: NodeHeaders | undefined;
  readonly tls: TlsSettings;
  /** What leads through the proxy, if there is one. */
  readonly tunnel?: ClientOptions;
}

/**
 * Asks the options that are functions, and prepares the way through the proxy.
 *
 * @throws ConnectError with phase `options`
 */
export async function askProviders(
  url: URL,
  settings: Settings,
  context: AttemptContext,
  trace: DialTrace,
): Promise<ProvidedOptions> {
  const ask = async <T, R>(
    option: string,
    provided: Provided<T>,
    read: (value: T) => R | Promise<R>,
  ): Promise<R> => {
    try {
      const given = typeof provided === "function" ? (provided as Ask<T>)(context) : provided;
      return await read(await given);
    } catch (error) {
      throw optionFailure(option, error, trace);
    }
  };
  const [headers, tls, proxy] = await Promise.all([
    ask("headers", settings.headers, (value) => {
      if (value) refuse(headerFaults(value));
      return value;
    }),
    ask("tls", settings.tls as Provided<TlsOptions | TlsSettings>, (value) =>
      value === settings.tls ? (value as TlsSettings) : tlsSettings(value as TlsOptions),
    ),
    ask("proxy", settings.proxy, async (value) => {
      let chosen = value;
      if (chosen === "environment") {
        chosen = (await import("./environment.ts")).proxyFromEnvironment(url);
      }
      if (chosen) refuse(proxyFaults(chosen));
      return chosen ? new URL(chosen) : undefined;
    }),
  ]);
  if (!proxy) return { headers, tls };
  trace.proxy = proxy;
  const { tunnel } = await import("./tunnel.ts");
  return { headers, tls, tunnel: await tunnel(url, proxy, settings.ws, tls.proxy, context.signal) };
}
