import { expect } from "vitest";
import type { Fault, Place } from "./catalogue.ts";
import { begin } from "./clients.ts";
import type { TrialOptions } from "./clients.ts";
import { ServerProcess } from "./server.ts";
import type { Trial } from "./trial.ts";

/** A program that stands in front of a server and speaks HTTP. */
export interface Front {
  readonly url: string;
  /** Goes on with other rules, by default the same; old connections are cut soon after. */
  reload(rules?: string): Promise<void>;
}

/** A client that is connected to a server through a program in front of it. */
export interface Fronted {
  readonly server: ServerProcess;
  readonly front: Front;
  readonly trial: Trial;
}

/** Starts the server, the program in front of its port, and the client. */
export async function fronted(
  start: (target: number) => Promise<Front>,
  options: TrialOptions = {},
): Promise<Fronted> {
  const server = await ServerProcess.start();
  const front = await start(server.port);
  const trial = await begin(server, { url: front.url, ...options });
  return { server, front, trial };
}

/** Cuts the connection by a reload, and has 10 messages in the queue before the next dial. */
export async function reload({ trial, front }: Fronted, rules?: string): Promise<void> {
  const reloaded = trial.fault(() => front.reload(rules));
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(10);
  await reloaded;
}

/** A silent connection is cut. */
export async function sufferIdleTimeout<P extends Place>(
  { trial }: Fronted,
  place: P,
  fault: Fault<P>,
): Promise<void> {
  await trial.fault(() => {});
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  await trial.again();
  const verdict = await trial.conclude(place, fault);
  expect(verdict.received).toBe(verdict.accepted);
}

/** The server behind is away for a while, which dials hear by this status. */
export async function sufferAbsence<P extends Place>(
  { server, trial }: Fronted,
  status: number,
  place: P,
  fault: Fault<P>,
): Promise<void> {
  await trial.fault(() => server.kill("SIGKILL"));
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(10);
  await trial.failed({ name: "ConnectError", phase: "upgrade", status });
  await trial.cure(() => server.start());
  await trial.again();
  const verdict = await trial.conclude(place, fault);
  expect(verdict.received).toBe(verdict.accepted);
}

/** Dials are refused with this status and `Retry-After: 1` by these rules, until the first have their place again. */
export async function sufferRetryAfter<P extends Place>(
  all: Fronted,
  rules: string,
  status: number,
  place: P,
  fault: Fault<P>,
): Promise<void> {
  const { front, trial } = all;
  await reload(all, rules);
  await trial.failed({ name: "ConnectError", phase: "upgrade", status, retryAfter: 1_000 });
  // The strategy alone would wait for half a second at most.
  const { delay } = await trial.first("reconnectScheduled", (told) => told.delay > 500);
  expect(delay).toBe(1_000);
  await trial.cure(() => front.reload(""));
  await trial.again();
  const verdict = await trial.conclude(place, fault);
  expect(verdict.received).toBe(verdict.accepted);
}
