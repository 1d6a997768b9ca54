import { sleep, type Clock } from "../clock.ts";
import type { Fault, PlannedFault } from "./plan.ts";
import type { FaultyServer } from "./server.ts";

export interface InjectOptions {
  readonly clock: Clock;
  readonly server: FaultyServer;
  readonly plan: readonly PlannedFault[];
  /** Milliseconds after the start by which every window must be over. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Resolves when the client is connected; a fault nobody sees shows nothing. */
  readonly connected: () => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  readonly onSkipped: (fault: Fault) => void;
}

/** Carries the plan out, later than planned if the client takes longer to come back, and leaves out what no longer fits. */
export async function injectFaults(options: InjectOptions): Promise<void> {
  const { clock, server, signal } = options;
  const start = clock.now();
  for (const { at, window, fault } of options.plan) {
    await sleep(clock, start + at - clock.now(), signal);
    if (!signal.aborted) await options.connected();
    if (signal.aborted) return;
    // The plan's own jitter may carry a fault a little beyond its slot.
    if (clock.now() - start + window > options.limit + slack) {
      options.onSkipped(fault);
      continue;
    }
    options.onFault(fault);
    await inject(server, fault);
  }
}

const slack = 500;

async function inject(server: FaultyServer, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case "kill":
      return server.kill(fault.downtime);
    case "close":
      return server.close(fault.code, fault.reason);
    case "refuse":
      server.refuse(fault.count, fault.retryAfter);
      return server.close(fault.code, "service restart");
    case "silence":
      return server.fallSilent();
  }
}
