import type { Waiting } from "./client.ts";
import { TimeoutError } from "./errors.ts";
import type { ClientEvents } from "./events.ts";
import type { Parts } from "./parts.ts";
import { Pending } from "./pending.ts";

/** The next event of that name; rejects when the client closes without it. */
export function once<K extends keyof ClientEvents>(
  client: Parts,
  event: K,
  waiting?: Waiting,
): Promise<ClientEvents[K]> {
  const undos: (() => void)[] = [];
  const leave = (): void => {
    for (const undo of undos) undo();
  };
  const timedOut = (timeout: number): Error =>
    new TimeoutError(`No '${event}' within ${timeout} ms`);
  const pending: Pending<ClientEvents[K]> = new Pending(client.clock, waiting, timedOut, leave);
  const hear = <E extends keyof ClientEvents>(
    name: E,
    settle: (payload: ClientEvents[E]) => void,
  ): void => {
    const undo = client.notifier.on(name, (payload) => {
      leave();
      settle(payload);
    });
    undos.push(undo);
  };
  if (client.state.status === "closed") pending.reject(client.closedError);
  if (!pending.settled) {
    hear(event, (payload) => pending.resolve(payload));
    hear("closed", () => pending.reject(client.closedError));
  }
  return pending.quiet().promise;
}
