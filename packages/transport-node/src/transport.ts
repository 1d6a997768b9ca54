import type {
  Connection,
  ConnectionListener,
  ConnectRequest,
  Transport,
} from "@stream-tungstenite/core";
import { NodeConnection } from "./connection.ts";
import type { NodeTransportOptions } from "./options.ts";
import { readSettings, type Settings } from "./settings.ts";

/**
 * The transport of Node, on `ws`.
 *
 * ```ts
 * const client = createClient({ url, plugins: [nodeTransport({ headers: { "x-client": "feed" } })] });
 * ```
 *
 * `headers`, `tls` and `proxy` may be functions, asked on every attempt: credentials and proxies change
 * without a new client. One that throws fails the attempt, for good if its error has `retryable: false`.
 *
 * @throws ConfigurationError listing every fault of the options
 */
export function nodeTransport(options?: NodeTransportOptions): Transport {
  return new NodeTransport(options);
}

class NodeTransport implements Transport {
  readonly name: string;
  readonly freshCredentials: boolean;
  readonly #settings: Settings;

  constructor(options?: NodeTransportOptions) {
    this.#settings = readSettings(options);
    this.name = options?.name ?? "node";
    this.freshCredentials = this.#settings.freshCredentials;
  }

  connect(request: ConnectRequest, listener: ConnectionListener): Connection {
    return new NodeConnection(request, listener, this.#settings);
  }
}
