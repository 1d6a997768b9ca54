import type { Message } from "../../message.ts";

/** Fails the case with a sentence. */
export function check(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** Fails unless the two are the same value (`Object.is`). */
export function same(actual: unknown, expected: unknown, what: string): void {
  check(Object.is(actual, expected), `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Fails unless both are the same text or the same bytes. */
export function sameMessage(actual: Message, expected: Message, what: string): void {
  if (typeof actual === "string" || typeof expected === "string") {
    same(actual, expected, what);
    return;
  }
  check(actual instanceof Uint8Array, `${what}: expected a Uint8Array, got ${show(actual)}`);
  check(
    actual.length === expected.length && actual.every((byte, i) => byte === expected[i]),
    `${what}: expected ${show(expected)}, got ${show(actual)}`,
  );
}

/** A value for a sentence, cut short: messages may be large. */
function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    return `${value.length} bytes [${value.subarray(0, 8).join(" ")}${value.length > 8 ? " …" : ""}]`;
  }
  if (typeof value !== "string") return String(value);
  return value.length > 40 ? `'${value.slice(0, 40)}…' (${value.length} units)` : `'${value}'`;
}
