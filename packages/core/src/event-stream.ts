import type { ClientEvent } from "./events.ts";
import { Fifo } from "./fifo.ts";
import type { Notifier } from "./notifier.ts";

/** Events kept for a slow reader. */
const kept = 1024;

/** One `events()` iterator: everything but messages, the last ones for a slow reader, until `closed`. */
export function eventStream(
  notifier: Notifier,
  isClosed: boolean,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<ClientEvent> {
  const buffer = new Fifo<ClientEvent>();
  const takers = new Fifo<(result: IteratorResult<ClientEvent, undefined>) => void>();
  let isOver = false;

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    untap();
    signal?.removeEventListener("abort", stop);
    for (let taker = takers.shift(); taker; taker = takers.shift())
      taker({ done: true, value: undefined });
  };
  const stop = (): void => {
    end();
    buffer.remove(() => true);
  };
  const untap = notifier.tap((type, payload) => {
    const value = { type, ...(payload as object) } as ClientEvent;
    const taker = takers.shift();
    if (taker) taker({ done: false, value });
    else {
      if (buffer.length === kept) buffer.shift();
      buffer.push(value);
    }
    if (type === "closed") end();
  });
  if (signal?.aborted || isClosed) stop();
  else signal?.addEventListener("abort", stop);

  return {
    next() {
      const value = buffer.shift();
      if (value) return Promise.resolve({ done: false, value });
      if (isOver) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => takers.push(resolve));
    },
    return() {
      stop();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
