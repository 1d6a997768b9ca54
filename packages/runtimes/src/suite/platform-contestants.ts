import { browserTransport, webSocketStreamTransport } from "@stream-tungstenite/transport-browser";
import type { Contestant } from "./suite.ts";

/** The transports on what the platform has, in the runtime of this name. */
export function platformContestants(runtime: string): readonly Contestant[] {
  if (typeof globalThis.WebSocket !== "function") return [];
  const contestants: Contestant[] = [
    {
      name: "browserTransport",
      transport: browserTransport,
      capabilities: {
        ...none,
        drain: !withoutBufferedAmount.has(runtime),
      },
      canHeaders: /^(node|bun|deno)/.test(runtime),
    },
  ];
  if ("WebSocketStream" in globalThis) {
    contestants.push({
      name: "webSocketStreamTransport",
      transport: (options: object = {}) => webSocketStreamTransport(options),
      capabilities: { ...none, pause: true, drain: true },
      canHeaders: false,
    });
  }
  return contestants;
}

/** What no WebSocket of a platform offers. */
const none = { ping: false, pause: false, flush: false, activity: false, errors: false };

/** WebKit counts only what another of its own processes has not taken yet. */
const withoutBufferedAmount = new Set(["webkit"]);
