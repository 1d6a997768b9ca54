import type { PluginContext } from "@stream-tungstenite/core";
import type { Settings } from "./options.ts";
import type { Probe, ProbeListener } from "./probe.ts";

/** Ping frames (RFC 6455 §5.5.2). */
export function pingProbe(
  { client }: PluginContext,
  settings: Settings,
  listener: ProbeListener,
): Probe {
  const { timeout } = settings;
  let sent = 0;
  return {
    send() {
      const own = ++sent;
      // A ping that fails is one that is not answered: the deadline judges both. A server that never answers
      // pings, but sends other frames, must not make them pile up.
      client.ping(undefined, { timeout }).then(
        (rtt) => own === sent && listener.answered(rtt),
        () => {},
      );
      return true;
    },
    stop() {},
  };
}
