import type { HandshakeSession, PluginContext } from "@stream-tungstenite/core";
import type { Settings } from "./options.ts";
import type { Probe, ProbeListener } from "./probe.ts";

/**
 * Messages of the application's protocol. With `isReply` the exchange stays open until every question has
 * its answer: one that comes late, after other frames have proved life, must not reach the application.
 */
export function messageProbe(
  context: PluginContext,
  { message, isReply }: Settings,
  listener: ProbeListener,
): Probe {
  const over = new AbortController();
  let open: HandshakeSession | undefined;
  let unanswered = 0;
  let askedAt = 0;

  const ask = (session: HandshakeSession): void => {
    session.send((typeof message === "function" ? message() : message) as string | Uint8Array);
    askedAt = context.clock.now();
    unanswered++;
  };
  const converse = async (session: HandshakeSession): Promise<void> => {
    ask(session);
    if (!isReply) return;
    open = session;
    while (unanswered > 0) {
      await session.receive(isReply);
      // Of several answers that are due nobody knows which question this one belongs to.
      listener.answered(unanswered-- === 1 ? context.clock.now() - askedAt : null);
    }
    open = undefined;
  };
  const failed = (error: unknown): void => {
    open = undefined;
    unanswered = 0;
    listener.failed(error);
  };
  return {
    send() {
      try {
        if (open) ask(open);
        else void context.exchange(converse, { timeout: 0, signal: over.signal }).catch(failed);
      } catch (error) {
        failed(error);
      }
    },
    stop: () => over.abort(),
  };
}
