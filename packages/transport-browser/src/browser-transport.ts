import { systemClock, type Transport } from "@stream-tungstenite/core";
import { BrowserConnection } from "./browser-connection.ts";
import type { BrowserTransportOptions } from "./options.ts";
import { readSettings } from "./settings.ts";

/**
 * The transport on the platform's own `WebSocket`: browsers, workers, Node 22 and later, Bun, Deno, workerd.
 *
 * ```ts
 * const client = createClient({ url, plugins: [browserTransport()] });
 * ```
 *
 * A platform that hides control frames, backpressure and the reason of failures hides them here, too:
 * there is no `ping` and no `pause`, and a dial fails with phase `unknown`.
 *
 * @throws ConfigurationError listing every fault: also where there is no `WebSocket`, or one that cannot
 *   have the `headers` given
 */
export function browserTransport(options: BrowserTransportOptions = {}): Transport {
  const settings = readSettings(options);
  return {
    name: settings.name,
    freshCredentials: typeof settings.headers === "function",
    connect: (request, listener) =>
      new BrowserConnection(request, listener, systemClock, settings).start(),
  };
}
