import type { Transport } from "@stream-tungstenite/core";
import { seededRandom } from "@stream-tungstenite/retry";
import { every, sleep, type Clock } from "./clock.ts";
import type { DemoEvent, Summary, View } from "./events.ts";
import { injectFaults } from "./faults/inject.ts";
import { planFaults, quietTime, type PlannedFault } from "./faults/plan.ts";
import type { FaultyServer } from "./faults/server.ts";
import { feedSession, type Session } from "./session.ts";

export interface DemoOptions {
  readonly clock: Clock;
  readonly view: View;
  /** A server that runs already. */
  readonly url: string | undefined;
  /** Starts a server of our own, used without `url`. */
  readonly startServer: (onUnexpectedExit: (reason: string) => void) => Promise<FaultyServer>;
  readonly seconds: number;
  readonly seed: number;
  readonly token: string;
  /** Names this run at the server. */
  readonly session: string;
  /** Ends the run early, in good order. */
  readonly signal: AbortSignal;
  /** @defaultValue `nodeTransport()` */
  readonly transport?: Transport | undefined;
  /** Takes the lines of the client's own log. @defaultValue none is kept */
  readonly log?: ((line: string) => void) | undefined;
  /** The faults to inject. @defaultValue as many as fit into `seconds` */
  readonly plan?: readonly PlannedFault[] | undefined;
}

// Milliseconds before the end at which orders stop, and how long the last receipts may take.
const closingTime = 1_500;
const patience = 3_000;
const impatience = 1_000;
const redrawInterval = 100;

/** Runs the demo from the start to the summary. */
export async function runDemo(options: DemoOptions): Promise<Summary> {
  const { clock, view, seconds, seed, signal } = options;
  const start = clock.now();
  const at = (): number => clock.now() - start;
  const emit = (event: DemoEvent): void => view.event({ at: at(), ...event });

  const server =
    options.url === undefined
      ? await options.startServer((reason) => emit({ type: "serverGone", reason }))
      : undefined;
  try {
    const url = options.url ?? (server as FaultyServer).url;
    const session = feedSession({ ...options, url, id: options.session, emit });
    emit({ type: "started", url: session.url, server: server?.pid ?? null, seconds, seed });
    session.start();
    const interrupted = (): void => emit({ type: "interrupted", signal: String(signal.reason) });
    if (!signal.aborted) signal.addEventListener("abort", interrupted, { once: true });
    const stopDrawing = every(clock, redrawInterval, () =>
      view.status({ at: at(), ...session.status() }),
    );
    try {
      await work(options, session, server, emit);
    } finally {
      await session.finish(signal.aborted ? impatience : patience);
      stopDrawing();
    }
    return { duration: at(), ...session.summary() };
  } finally {
    await server?.stop();
  }
}

/** Until the time is over, the client gave up or the user has seen enough. */
async function work(
  { clock, seconds, seed, plan, signal }: DemoOptions,
  session: Session,
  server: FaultyServer | undefined,
  emit: (event: DemoEvent) => void,
): Promise<void> {
  const total = seconds * 1_000;
  const end = new AbortController();
  const stop = (): void => end.abort();
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  void session.closed.then(stop);

  const faults =
    server &&
    injectFaults({
      clock,
      server,
      plan: plan ?? planFaults(total, seededRandom(seed + 2)),
      limit: total - quietTime,
      signal: end.signal,
      connected: () => session.connected(end.signal),
      onFault: (fault) => emit({ type: "fault", fault }),
      onSkipped: (fault) => emit({ type: "faultSkipped", fault }),
    });
  // A server that cannot be brought back ends the run; the error itself is thrown below.
  faults?.catch(stop);
  await sleep(clock, total - closingTime, end.signal);
  session.stopOrders();
  if (!end.signal.aborted) emit({ type: "ordersEnded" });
  await sleep(clock, Math.min(total, closingTime), end.signal);
  stop();
  await faults;
}
