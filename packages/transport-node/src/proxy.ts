import { lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import type { Agent } from "node:http";
import net, { type LookupFunction, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";

/** Options of the TCP connection, whether it leads to the server or to its proxy. */
export interface NetworkOptions {
  readonly localAddress?: string;
  readonly family?: 0 | 4 | 6;
  readonly lookup?: LookupFunction;
}

/** Where a proxy shall connect to. */
export interface Target {
  readonly host: string;
  /** `ws` has it as text when the URL does. */
  readonly port: number | string;
}

/** What is wrong with a proxy's URL. The URL itself is never shown: it may hold a password. */
export function proxyFaults(proxy: unknown): string[] {
  const known = "http, https, socks, socks4, socks4a, socks5 or socks5h";
  const wanted = `proxy must be the URL of an ${known} proxy or "environment"`;
  if (typeof proxy !== "string" && !(proxy instanceof URL))
    return [`${wanted}, not ${typeof proxy}`];
  if (!URL.canParse(String(proxy))) return [`${wanted}; what was given is not a URL`];
  const { protocol, hostname, username, password } = new URL(proxy);
  if (!/^(https?|socks(4a?|5h?)?):$/.test(protocol))
    return [`${wanted}, not one of scheme ${protocol.slice(0, -1)}`];
  if (!hostname) return [`${wanted}; what was given has no host`];
  try {
    decodeURIComponent(username + password);
    return [];
  } catch {
    return ["proxy: its credentials are not percent-encoded as in a URL"];
  }
}

/** An agent that reaches the server by HTTP CONNECT (RFC 9110 §9.3.6). Destroyed with `signal`. */
export async function tunnelAgent(
  proxy: URL,
  network: NetworkOptions,
  trust: ConnectionOptions,
  signal: AbortSignal,
): Promise<Agent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(proxy.href, { ...network, ...trust, signal });
}

/**
 * Connects through a SOCKS proxy (RFC 1928). `socks4` and `socks5` resolve the server's name here, the
 * others leave it to the proxy.
 */
export async function socksTunnel(
  proxy: URL,
  target: Target,
  network: NetworkOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const { SocksClient } = await import("socks");
  const type = proxy.protocol.startsWith("socks4") ? 4 : 5;
  const local = proxy.protocol === "socks4:" || proxy.protocol === "socks5:";
  const host = local
    ? await resolve(target.host, type === 4 ? { ...network, family: 4 } : network)
    : target.host;
  const socket = net.connect({
    host: proxy.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(proxy.port || 1080),
    ...network,
    signal,
  });
  try {
    await once(socket, "connect");
    await SocksClient.createConnection({
      command: "connect",
      destination: { host, port: Number(target.port) },
      existing_socket: socket,
      proxy: {
        host: proxy.hostname,
        port: Number(proxy.port || 1080),
        type,
        userId: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      },
    });
    return socket;
  } catch (error) {
    socket.destroy();
    // The library's errors carry the proxy's password.
    throw Object.hasOwn(error as object, "options") ? new Error((error as Error).message) : error;
  }
}

function resolve(host: string, { lookup, family }: NetworkOptions): Promise<string> {
  if (net.isIP(host)) return Promise.resolve(host);
  return new Promise((done, fail) => {
    const find = lookup ?? systemLookup;
    find(host, { family: family ?? 0 }, (error, address) => {
      if (error) fail(error);
      else done(typeof address === "string" ? address : (address[0]?.address ?? host));
    });
  });
}
