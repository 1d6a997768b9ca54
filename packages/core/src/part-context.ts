import type { Plugin, PluginContext } from "./plugin.ts";

/**
 * What `setup` of a plugin that is part of another is given: its exchanges have its own name for their step,
 * and its own `handshakeTimeout`.
 */
export function partContext(part: Plugin, whole: PluginContext): PluginContext {
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
    onNextFrame: (task) => whole.onNextFrame(task),
    ping: (answered) => whole.ping(answered),
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
