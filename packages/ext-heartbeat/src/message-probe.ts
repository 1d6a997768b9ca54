import type { HandshakeSession, PluginContext } from "@stream-tungstenite/core";
import type { Settings } from "./options.ts";
import type { Probe, ProbeListener } from "./probe.ts";

/**
 * Messages of the application's protocol, with `isReply` one at a time: an answer that comes late, after
 * other frames have proved life, must neither reach the application nor be taken for that to the next
 * question. One that was lost must not be waited for for ever: after `timeout` its question is forgotten
 * once there are other frames.
 */
export function messageProbe(
  context: PluginContext,
  { message, isReply, timeout }: Settings,
  listener: ProbeListener,
): Probe {
  const { clock } = context;
  let waiting: AbortController | undefined;
  let askedAt = 0;
  /** Frames received before the question. */
  let received = 0;

  const converse = async (session: HandshakeSession): Promise<void> => {
    session.send((typeof message === "function" ? message() : message) as string | Uint8Array);
    if (isReply) await session.receive(isReply);
  };
  return {
    send() {
      const isSilent = context.received === received;
      if (waiting && (isSilent || clock.now() - askedAt <= timeout)) return isSilent;
      waiting?.abort();
      const mine = (waiting = new AbortController());
      askedAt = clock.now();
      received = context.received;
      const end = (tell: () => void): void => {
        if (waiting !== mine) return;
        waiting = undefined;
        tell();
      };
      context.exchange(converse, { timeout: 0, signal: mine.signal }).then(
        () => end(() => isReply && listener.answered(clock.now() - askedAt)),
        (error: unknown) => end(() => listener.failed(error)),
      );
      return true;
    },
    stop: () => waiting?.abort(),
  };
}
