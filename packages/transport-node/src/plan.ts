import { Buffer } from "node:buffer";
import { unescape } from "node:querystring";
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

  trace.secrets = secretsOf(headers, url, proxy);
  const { finishRequest } = settings.ws;
  const options: ClientOptions = {
    ...settings.ws,
    ...(trust.server as object),
    headers: { ...headers } as Record<string, string>,
    finishRequest(request, socket): void {
      trace.watch(request);
      if (finishRequest) finishRequest(request, socket);
      else request.end();
    },
  };
  if (!proxy) return options;
  trace.proxy = `${proxy.protocol}//${proxy.host}`;
  const { tunnel } = await import("./tunnel.ts");
  return {
    ...options,
    ...(await tunnel(url, proxy, settings.network, trust.proxy, context.signal)),
  };
}

/** Values a server or a proxy might repeat in the answer that refuses them. */
function secretsOf(
  headers: NodeHeaders | undefined,
  ...urls: readonly (URL | undefined)[]
): string[] {
  const values = urls.flatMap((url) => {
    if (!url) return [];
    const pair = [unescape(url.username), unescape(url.password)];
    // A parameter without a value may be the secret itself.
    const query = [...url.searchParams].map(([name, value]) => value || name);
    return [...pair, Buffer.from(pair.join(":")).toString("base64"), ...query];
  });
  for (const value of Object.values(headers ?? {}).flat()) {
    values.push(value, ...value.split(/[\s;,=]+/));
  }
  // Longest first, so that no part is left of one that holds another; short ones are words.
  return values.filter(({ length }) => length > 5).toSorted((a, b) => b.length - a.length);
}
