/** Resolves in the next turn of the event loop, once what the network had was looked at. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
