import { lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import net, { type LookupFunction, type Socket } from "node:net";
import tls, { type ConnectionOptions, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import type { ClientOptions } from "ws";

/** Options of the TCP connection, whether it leads to the server or to its proxy. */
export interface NetworkOptions {
  readonly localAddress: string | undefined;
  readonly family: 0 | 4 | 6 | undefined;
  readonly lookup: LookupFunction | undefined;
}

/** Where a proxy shall connect to. */
interface Target {
  readonly host: string;
  /** `ws` has it as text when the URL does. */
  readonly port: number | string;
}

/**
 * Options for `ws` that lead through a proxy: HTTP CONNECT (RFC 9110 §9.3.6) by an agent, or SOCKS. `signal`
 * destroys what is on its way.
 */
export async function tunnel(
  url: URL,
  proxy: URL,
  options: NetworkOptions,
  trust: ConnectionOptions,
  signal: AbortSignal,
): Promise<ClientOptions> {
  const { localAddress, family, lookup } = options;
  const network = { localAddress, family, lookup };
  if (proxy.protocol.startsWith("http")) {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return { agent: new HttpsProxyAgent(proxy.href, { ...network, ...trust, signal }) };
  }
  const createConnection = (
    target: ConnectionTarget,
    done: (error: unknown, socket?: net.Socket) => void,
  ): void => {
    socksTunnel(proxy, target, network, signal)
      .then((socket) => (url.protocol === "wss:" ? secure(target, socket) : socket))
      .then((socket) => done(null, socket), done);
  };
  return { createConnection: createConnection as unknown as typeof net.createConnection };
}

/** What `http.request` passes on to `createConnection`. */
type ConnectionTarget = Omit<ConnectionOptions, "host" | "port"> & Target;

/** TLS inside the tunnel. */
function secure({ host, servername, ...options }: ConnectionTarget, socket: Socket): TLSSocket {
  // An IP address is no server name (RFC 6066 §3).
  const name = servername ?? (net.isIP(host) ? "" : host);
  return tls.connect({ ...options, port: 0, host, servername: name, socket });
}

/**
 * Connects through a SOCKS proxy (RFC 1928). `socks4` and `socks5` resolve the server's name here, the
 * others leave it to the proxy.
 */
async function socksTunnel(
  proxy: URL,
  target: Target,
  network: NetworkOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const { SocksClient } = await import("socks");
  const type = proxy.protocol.startsWith("socks4") ? 4 : 5;
  const family = type === 4 ? 4 : network.family;
  const host = /[45]:/.test(proxy.protocol)
    ? await resolve(target.host, { ...network, family })
    : target.host;
  const at = { host: proxy.hostname.replace(/^\[|\]$/g, ""), port: Number(proxy.port || 1080) };
  const socket = net.connect({ ...network, ...at, signal });
  try {
    await once(socket, "connect");
    await SocksClient.createConnection({
      command: "connect",
      destination: { host, port: Number(target.port) },
      existing_socket: socket,
      proxy: {
        ...at,
        type,
        userId: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      },
    });
    return socket;
  } catch (error) {
    socket.destroy();
    // The library's own errors carry the proxy's password.
    throw Object.hasOwn(error as object, "options") ? new Error((error as Error).message) : error;
  }
}

/** `dns.lookup` gives an object; a lookup of the user's, made a promise, the address alone. */
type Find = (
  host: string,
  options: { readonly family: number },
) => Promise<string | { readonly address: string }>;

async function resolve(host: string, { lookup, family }: NetworkOptions): Promise<string> {
  const find = promisify(lookup ?? systemLookup) as Find;
  const found = await find(host, { family: family ?? 0 });
  return typeof found === "string" ? found : found.address;
}
