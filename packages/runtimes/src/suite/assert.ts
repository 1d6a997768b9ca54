/** Fails the case unless both are alike as JSON, or the same bytes. */
export function alike(actual: unknown, expected: unknown, what: string): void {
  if (show(actual) !== show(expected)) {
    throw new Error(`${what}: expected ${cut(show(expected))}, got ${cut(show(actual))}`);
  }
}

/** The error with which a promise rejects; that it resolves fails the case. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  const nothing = Symbol("nothing");
  const outcome = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (outcome === nothing) throw new Error(`${what}: it did not fail`);
  return outcome;
}

function show(value: unknown): string {
  // Bytes are told from an array and an object of the same numbers.
  return value instanceof Uint8Array ? `bytes [${value.join(" ")}]` : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
