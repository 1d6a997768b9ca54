import type { AttemptContext, Provided } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { DialTrace } from "./dial-trace.ts";
import type { TlsOptions } from "./options.ts";
import { proxyFaults } from "./proxy.ts";
import { refuse } from "./rules.ts";
import { headerFaults, type Settings } from "./settings.ts";
import { tlsSettings, type TlsSettings } from "./tls.ts";

type Ask<T> = (context: AttemptContext) => T | Promise<T>;

/**
 * Asks the options that are functions and gives what the constructor of `ws` needs for one attempt.
 *
 * @throws ConnectError with phase `options`
 */
export async function planDial(
  url: URL,
  settings: Settings,
  context: AttemptContext,
  trace: DialTrace,
): Promise<ClientOptions> {
  const ask = async <T, R>(
    option: string,
    provided: Provided<T>,
    read: (value: T) => R | Promise<R>,
  ): Promise<R> => {
    try {
      const given = typeof provided === "function" ? (provided as Ask<T>)(context) : provided;
      return await read(await given);
    } catch (error) {
      const { optionFailure } = await import("./failure.ts");
      throw optionFailure(option, error, trace);
    }
  };
  const [headers, trust, proxy] = await Promise.all([
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

  trace.headers = { ...headers };
  trace.proxy = proxy;
  const { finishRequest } = settings.ws;
  const options: ClientOptions = {
    ...settings.ws,
    ...(trust.server as object),
    headers: trace.headers as Record<string, string>,
    finishRequest(request, socket): void {
      trace.watch(request);
      if (finishRequest) finishRequest(request, socket);
      else request.end();
    },
  };
  if (!proxy) return options;
  const { tunnel } = await import("./tunnel.ts");
  return {
    ...options,
    ...(await tunnel(url, proxy, settings.network, trust.proxy, context.signal)),
  };
}
