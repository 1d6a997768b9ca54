import { describe, expect, test } from "vitest";
import { canary, escaped, everythingOf } from "./canaries.ts";

const secret = canary("here");
const other = canary("there");
const flown = (...values: readonly unknown[]): readonly string[] =>
  escaped(everythingOf(values), [secret, other]);
const bytes = Buffer.from(`x${secret}y`);

describe("a canary is found", () => {
  test.each<readonly [name: string, value: unknown]>([
    ["in a text", `a ${secret} b`],
    ["in a URL", encodeURIComponent(secret)],
    ["in a query", new URLSearchParams({ a: secret }).toString()],
    ["in JSON", JSON.stringify({ a: secret })],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ["in the message of an error", new Error(secret)],
    ["in its cause", new Error("x", { cause: new Error(secret) })],
    ["in a property that is hidden", Object.defineProperty({}, "a", { value: { b: secret } })],
    ["behind a symbol", { [Symbol("a")]: secret }],
    ["in a map", new Map([["a", { b: secret }]])],
    ["as a name", { [secret]: 1 }],
    ["in a buffer", bytes],
    ["in bytes", new Uint8Array(bytes)],
    ["in the bytes of an error", Object.assign(new Error("x"), { rawPacket: bytes })],
    ["in bytes that are deep", { a: [{ b: new Uint8Array(bytes).buffer }] }],
    ["by its first half", secret.slice(0, 12)],
    ["by its last half", secret.slice(-20)],
  ])("%s", (_, value) => {
    expect(flown(value)).toEqual([secret]);
  });
});

test("what holds none gives none", () => {
  expect(flown("canary-elsewhere", new Error("x"), Buffer.from("canary"))).toEqual([]);
});
