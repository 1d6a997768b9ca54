import { describe, expect, test } from "vitest";
import { control } from "./control.ts";
import { outcome, type Mutant } from "./test-kit.ts";

const mutants: readonly Mutant[] = [
  {
    does: "drops the payload of a pong",
    in: "ping() is answered by onPong with its payload",
    caught: /payload of the pong: expected 3 bytes \[1 2 3\], got 0 bytes/,
    listener: (listener) => ({ onPong: () => listener.onPong(new Uint8Array()) }),
  },
  {
    does: "invents a payload for the pong of an empty ping",
    in: "ping() is answered by onPong with its payload",
    caught: /payload of the pong: expected 0 bytes \[\], got 1 bytes \[0\]/,
    listener: (listener) => ({
      onPong: (payload) => listener.onPong(payload.length > 0 ? payload : new Uint8Array(1)),
    }),
  },
  {
    does: "cuts the longest payload that a ping may have",
    in: "ping() is answered by onPong with its payload",
    caught: /payload of the pong: expected 125 bytes/,
    connection: (connection) => ({
      ping: (payload) => connection.ping!(payload?.subarray(0, 124)),
    }),
  },
  {
    does: "takes a ping for the end",
    in: "the server's ping is answered",
    caught: /after onClose/,
    listener: (listener) => ({
      onActivity: () => listener.onClose({ code: 1006, reason: "", wasClean: false }),
    }),
  },
  {
    does: "does not tell of the server's ping",
    in: "the server's ping is activity",
    caught: "hangs",
    listener: () => ({ onActivity: () => {} }),
  },
];

describe("the cases about control frames fail a transport that", () => {
  test.each(mutants)("$does", async (mutant) => {
    const said = await outcome(mutant);
    expect(said).toMatch(mutant.caught);
  });
});

test("each case about control frames fails some transport", () => {
  expect(new Set(mutants.map((mutant) => mutant.in))).toEqual(
    new Set(control.map(({ name }) => name)),
  );
});

test.each([
  ["ping() is answered by onPong with its payload", ["ping"]],
  ["the server's ping is answered", undefined],
  ["the server's ping is activity", ["activity"]],
])("%s: needs %j", (name, needs) => {
  expect(control.find((each) => each.name === name)!.needs).toEqual(needs);
});
