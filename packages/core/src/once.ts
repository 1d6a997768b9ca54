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
  const { clock, notifier } = client;
  const timedOut = (timeout: number): Error =>
    new TimeoutError(`No '${event}' within ${timeout} ms`);
  const pending = new Pending<ClientEvents[K]>(clock, waiting, timedOut);
  const reject = (): void => pending.reject(client.closedError);
  if (client.state.status === "closed") reject();
  const leave = notifier.on(event, (payload) => pending.resolve(payload));
  const leaveClosed = notifier.on("closed", reject);
  const leaveBoth = (): void => {
    leave();
    leaveClosed();
  };
  pending.promise.then(leaveBoth, leaveBoth);
  return pending.promise;
}
