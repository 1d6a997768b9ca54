/** Gives the event loop a turn: promises and microtasks alone would keep everything else waiting. */
export function loopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
