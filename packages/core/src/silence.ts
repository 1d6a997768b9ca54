import { IdleTimeoutError } from "./errors.ts";
import type { Link } from "./link.ts";
import { abnormal } from "./transport.ts";

/** Looks within the time that nothing may be received for. */
const looks = 4;

/**
 * Ends a connection on which nothing was received for `timeout` milliseconds, heard of no later than a
 * quarter of it afterwards. While receiving is paused the time rests; 0 is for ever.
 *
 * It only looks now and then whether anything came, so that no message has to read the clock, and a timer
 * that fires late, after a sleep, is only one look of four.
 */
export function watchSilence(
  link: Link,
  timeout: number,
  schedule: (delay: number, task: () => void) => void,
): void {
  let seen = link.received;
  let silent = 0;
  const look = (): void => {
    silent = link.received === seen && !link.paused ? silent + 1 : 0;
    // The look after a pause begins anew, too.
    seen = link.paused ? -1 : link.received;
    if (silent < looks) schedule(timeout / looks, look);
    else link.lose(new IdleTimeoutError(abnormal, `Nothing was received for ${timeout} ms`));
  };
  schedule(timeout / looks, look);
}
