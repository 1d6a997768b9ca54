import net from "node:net";
import process from "node:process";
import { unescape } from "node:querystring";
import tls from "node:tls";
import { ConfigurationError, type AttemptContext, type Provided } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { DialTrace } from "./dial-trace.ts";
import { proxyFromEnvironment } from "./environment.ts";
import { optionFailure } from "./failure.ts";
import type { NodeHeaders } from "./options.ts";
import { proxyFaults, socksTunnel, tunnelAgent, type Target } from "./proxy.ts";
import { headerFaults, type Settings } from "./settings.ts";
import { tlsSettings } from "./tls.ts";

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
    read: (value: T) => R,
  ): Promise<R> => {
    try {
      return read(
        typeof provided === "function"
          ? await (provided as (context: AttemptContext) => T | Promise<T>)(context)
          : provided,
      );
    } catch (error) {
      throw optionFailure(option, error, trace);
    }
  };
  const [headers, trust, proxy] = await Promise.all([
    ask("headers", settings.headers, (value) => {
      if (typeof settings.headers === "function" && value) refuse(headerFaults(value));
      return value;
    }),
    typeof settings.tls === "function" ? ask("tls", settings.tls, tlsSettings) : settings.tls,
    ask<string | URL | undefined, URL | undefined>("proxy", settings.proxy, (value) => {
      const chosen = value === "environment" ? proxyFromEnvironment(url, process.env) : value;
      if (chosen === undefined) return undefined;
      refuse(proxyFaults(chosen));
      return new URL(chosen);
    }),
  ]);

  trace.secrets = secretsOf(url, headers);
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
  if (proxy) {
    trace.proxy = `${proxy.protocol}//${proxy.host}`;
    if (proxy.protocol.startsWith("http")) {
      options.agent = await tunnelAgent(proxy, settings.network, trust.proxy, context.signal);
    } else {
      const createConnection = (
        target: ConnectionTarget,
        done: (error: unknown, socket?: net.Socket) => void,
      ): void => {
        socksTunnel(proxy, target, settings.network, context.signal)
          .then((socket) => (url.protocol === "wss:" ? secure(target, socket) : socket))
          .then((socket) => done(null, socket), done);
      };
      options.createConnection = createConnection as unknown as typeof net.createConnection;
    }
  }
  return options;
}

/** What `http.request` passes on to `createConnection`. */
type ConnectionTarget = Omit<tls.ConnectionOptions, "host" | "port"> & Target;

/** TLS inside the tunnel. */
function secure(
  { host, servername, ...options }: ConnectionTarget,
  socket: net.Socket,
): tls.TLSSocket {
  // Its `path` is the URL's, which `tls.connect` would take for a Unix socket.
  delete options.path;
  // An IP address is no server name (RFC 6066 §3).
  return tls.connect({
    ...options,
    port: 0,
    host,
    servername: servername ?? (net.isIP(host) ? "" : host),
    socket,
  });
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** Values a server might repeat in the answer that refuses them. */
function secretsOf(url: URL, headers: NodeHeaders | undefined): string[] {
  const values = [
    unescape(url.username),
    unescape(url.password),
    ...url.searchParams.values(),
    ...Object.values(headers ?? {})
      .flat()
      .flatMap((value) => [value, ...value.split(/[\s;,=]+/)]),
  ];
  // Longest first, so that no part is left of one that holds another; short ones are words.
  return values.filter(({ length }) => length >= 6).toSorted((a, b) => b.length - a.length);
}
