import type { Plugin, PluginContext } from "./plugin.ts";

type Listener = Pick<PluginContext, "onNextFrame" | "ping">;

/** A context that parts share; one that somebody else made has no ears for them. */
interface WholeContext extends PluginContext {
  readonly ear?: () => Listener;
}

/**
 * What `setup` of a plugin that is part of another is given: its exchanges have its own name for their step,
 * and its own `handshakeTimeout`, and what it listens for takes the place of no other part's.
 */
export function partContext(part: Plugin, whole: WholeContext): WholeContext {
  const ear = (): Listener => whole.ear?.() ?? whole;
  let own: Listener | undefined;
  return {
    client: whole.client,
    clock: whole.clock,
    random: whole.random,
    get signal() {
      return whole.signal;
    },
    get received() {
      return whole.received;
    },
    get paused() {
      return whole.paused;
    },
    get canPing() {
      return whole.canPing;
    },
    ear,
    onNextFrame: (task) => (own ??= ear()).onNextFrame(task),
    ping: (answered) => (own ??= ear()).ping(answered),
    exchange: (run, options) =>
      whole.exchange(
        (session) => {
          session.step = part.name;
          return run(session);
        },
        { ...options, timeout: options?.timeout ?? part.handshakeTimeout },
      ),
    fail: (cause) => whole.fail(cause),
    suspend: () => whole.suspend(),
    probe: () => whole.probe(),
    report: (error) => whole.report(error),
  };
}
