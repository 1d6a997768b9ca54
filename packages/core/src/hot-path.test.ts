import { setFlagsFromString } from "node:v8";
import { describe, expect, test } from "vitest";
import { createClient } from "./index.ts";
import type { Clock, ConnectionListener, Extension, Transport, WebSocketClient } from "./index.ts";

// The optimizing compilers remove some allocations, in their own time: without them what is measured does
// not depend on how busy the machine is, and what passes costs nothing on a cold path either.
for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);

const messages = 5000;
const rounds = 60;

/** A client on a transport that does nothing, and how often its clock was asked for anything. */
async function lab(...plugins: readonly Extension[]) {
  let listener: ConnectionListener | undefined;
  let asked = 0;
  const clock: Clock = {
    now: () => ++asked,
    schedule: () => (asked++, () => {}),
  };
  const transport: Transport = {
    name: "sink",
    connect(_request, given) {
      listener = given;
      return { bufferedAmount: 0, send: () => 1, close() {}, terminate() {} };
    },
  };
  const client = createClient({ url: "ws://sink.test", plugins: [transport, plugins], clock });
  const connecting = client.connect();
  listener!.onOpen({ protocol: "", extensions: "" });
  await connecting;
  return { client, listener: listener!, asked: () => asked };
}

/**
 * Bytes that a run allocates, the median of many: what the engine and the test runner allocate beside it,
 * and what they give back, comes and goes; what the code allocates comes every time.
 */
function allocated(run: () => void): number {
  const grown: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.memoryUsage().heapUsed;
    run();
    grown.push(process.memoryUsage().heapUsed - before);
  }
  return grown.toSorted((a, b) => a - b)[rounds / 2]!;
}

const sends = (client: WebSocketClient) => (): void => {
  for (let n = 0; n < messages; n++) client.send("a message");
};
const arrivals = (listener: ConnectionListener) => (): void => {
  for (let n = 0; n < messages; n++) listener.onMessage("a message", 9);
};

// The smallest object takes 12 bytes or more; what is measured of nothing is a few kB for all messages.
const nothing = messages * 4;

describe("Per message nothing is allocated, and no clock is asked,", () => {
  test("by a measure that sees one small object a message", () => {
    const kept: unknown[] = Array.from({ length: messages });
    const run = (): void => {
      for (let n = 0; n < messages; n++) kept[n] = { n };
    };
    expect(allocated(run)).toBeGreaterThan(nothing * 2);
  });

  test("when it is sent", async () => {
    const { client, asked } = await lab();
    const before = asked();
    expect(allocated(sends(client))).toBeLessThan(nothing);
    expect(asked()).toBe(before);
    expect(client.snapshot().messagesSent).toBe(rounds * messages);
  });

  test("when it is sent through synchronous hooks", async () => {
    const hook: Extension = { name: "hook", onSend: (message) => message };
    const other: Extension = { name: "other", onSend: () => {} };
    const { client, asked } = await lab(hook, other);
    const before = asked();
    expect(allocated(sends(client))).toBeLessThan(nothing);
    expect(asked()).toBe(before);
    expect(client.snapshot().messagesSent).toBe(rounds * messages);
  });

  test("when it arrives for a listener", async () => {
    const { client, listener, asked } = await lab();
    let got = 0;
    client.on("message", () => void got++);
    const before = asked();
    expect(allocated(arrivals(listener))).toBeLessThan(nothing);
    expect(asked()).toBe(before);
    expect(got).toBe(rounds * messages);
  });

  test("when it arrives through synchronous hooks", async () => {
    const hook: Extension = { name: "hook", onMessage: (message) => message };
    const other: Extension = { name: "other", onMessage: () => {} };
    const { client, listener, asked } = await lab(hook, other);
    let got = 0;
    client.on("message", () => void got++);
    const before = asked();
    expect(allocated(arrivals(listener))).toBeLessThan(nothing);
    expect(asked()).toBe(before);
    expect(got).toBe(rounds * messages);
  });
});
