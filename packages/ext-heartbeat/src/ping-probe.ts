import type { PluginContext } from "@stream-tungstenite/core";
import type { Probe, ProbeListener } from "./probe.ts";

/** Ping frames (RFC 6455 §5.5.2). */
export function pingProbe({ client }: PluginContext, listener: ProbeListener): Probe {
  let waiting: AbortController | undefined;
  return {
    send() {
      waiting?.abort();
      waiting = new AbortController();
      // A ping that fails is one that is not answered: the deadline judges both.
      client.ping(undefined, waiting).then(
        (rtt) => listener.answered(rtt),
        () => {},
      );
      return true;
    },
    stop() {
      waiting?.abort();
    },
  };
}
