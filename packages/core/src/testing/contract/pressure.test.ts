import { describe, expect, test } from "vitest";
import { pressure } from "./pressure.ts";
import { outcome, type Mutant } from "./test-kit.ts";

const draining =
  "bufferedAmount grows while the server does not read, and onDrain tells when it fell";
const pausing = "pause() stops receiving and resume() goes on without a loss";

const mutants: readonly Mutant[] = [
  {
    does: "counts nothing that is buffered",
    in: draining,
    caught: /bufferedAmount did not grow/,
    connection: () => ({ bufferedAmount: 0 }),
  },
  {
    does: "forgets what is buffered, a moment later",
    in: draining,
    caught: /bufferedAmount fell while nobody read/,
    connection(connection) {
      let reads = 0;
      return {
        get bufferedAmount() {
          return reads++ === 0 ? connection.bufferedAmount : 0;
        },
      };
    },
  },
  {
    does: "never counts less than the mark again",
    in: draining,
    caught: /onDrain came with 65536 bytes buffered/,
    connection: (connection) => ({
      get bufferedAmount() {
        return Math.max(65_536, connection.bufferedAmount);
      },
    }),
  },
  {
    does: "changes what it had to hold",
    in: draining,
    caught: /chunk 0 arrived changed/,
    connection: (connection) => ({
      send(message) {
        connection.send(message.length < 65_536 ? message : new Uint8Array(65_536).fill(255));
      },
    }),
  },
  {
    does: "never tells of a drain",
    in: draining,
    caught: "hangs",
    listener: () => ({ onDrain: () => {} }),
  },
  {
    does: "tells of a drain that is none yet",
    in: draining,
    caught: /onDrain while nobody read: expected 0, got 1/,
    connection(connection, listener) {
      let told = false;
      return {
        send(message) {
          if (!told) queueMicrotask(() => listener.onDrain());
          told = true;
          return connection.send(message);
        },
      };
    },
  },
  {
    does: "tells of a drain twice",
    in: draining,
    caught: /calls of onDrain: expected 1, got 2/,
    listener: (listener) => ({
      onDrain() {
        listener.onDrain();
        listener.onDrain();
      },
    }),
  },
  {
    does: "tells of a drain though nothing was buffered",
    in: "onDrain keeps silent where the mark was not reached",
    caught: /calls of onDrain: expected 0, got 12/,
    connection: (connection, listener) => ({
      send(message) {
        queueMicrotask(() => listener.onDrain());
        return connection.send(message);
      },
    }),
  },
  {
    does: "passes on a higher mark",
    in: draining,
    caught: /onDrain came with \d+ bytes buffered/,
    request: { highWaterMark: 65_536 + 4_096 },
  },
  {
    does: "passes on a lower mark",
    in: "onDrain keeps silent where the mark was not reached",
    caught: /calls of onDrain: expected 0, got 1/,
    request: { highWaterMark: 65_000 },
  },
  {
    does: "waits for a drain where there is nothing to flush",
    in: "flush() resolves when all is on the network",
    caught: "hangs",
    connection: () => ({ flush: () => new Promise(() => {}) }),
  },
  {
    does: "counts what it has flushed as buffered",
    in: "flush() resolves when all is on the network",
    caught: /bufferedAmount after flush: expected 0, got 1/,
    connection: () => ({ bufferedAmount: 1 }),
  },
  {
    does: "flushes too early",
    in: "flush() waits while the server does not read",
    caught: /flushed while nobody read/,
    connection: () => ({ flush: () => Promise.resolve() }),
  },
  {
    does: "counts what it has flushed late as buffered",
    in: "flush() waits while the server does not read",
    caught: /bufferedAmount after flush: expected 0, got 1/,
    connection: () => ({ bufferedAmount: 1 }),
  },
  {
    does: "leaves a flush alone when the connection ends",
    in: "flush() settles when the connection ends first",
    caught: "hangs",
    connection: (connection) => ({
      flush: () => new Promise((resolve) => void connection.flush!().then(resolve, () => {})),
    }),
  },
  {
    does: "does not pause",
    in: pausing,
    caught: /messages received while paused: expected 1, got 101/,
    connection: () => ({ pause: () => {} }),
  },
  {
    does: "does not resume",
    in: pausing,
    caught: "hangs",
    connection: () => ({ resume: () => {} }),
  },
  {
    does: "loses what comes while it is paused",
    in: "pausing inside onMessage loses and reorders nothing",
    caught: "hangs",
    listener: (listener, _, notes) => ({
      onMessage: (message) => void (notes.has("paused") || listener.onMessage(message)),
    }),
    connection: (_, __, ___, notes) => ({
      pause: () => void notes.add("paused"),
      resume: () => void notes.delete("paused"),
    }),
  },
  {
    does: "takes the drop of a paused connection for the server's going away",
    in: "a paused connection can be terminated",
    caught: /close code: expected 1006, got 1001/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, code: 1001 }) }),
  },
  {
    does: "does not terminate while it is paused",
    in: "a paused connection can be terminated",
    caught: "hangs",
    connection(connection) {
      let paused = false;
      return {
        pause() {
          paused = true;
          connection.pause!();
        },
        terminate: () => void (paused || connection.terminate()),
      };
    },
  },
];

describe("the cases about backpressure fail a transport that", () => {
  test.each(mutants)("$does", async (mutant) => {
    const said = await outcome(mutant);
    expect(said).toMatch(mutant.caught);
  });
});

test("each case about backpressure fails some transport", () => {
  expect(new Set(mutants.map((mutant) => mutant.in))).toEqual(
    new Set(pressure.map(({ name }) => name)),
  );
});

test("a case about backpressure needs what its name tells of", () => {
  for (const { name, needs = [] } of pressure) {
    expect([name, needs.includes("flush")]).toEqual([name, name.includes("flush()")]);
    expect([name, needs.includes("pause")]).toEqual([name, /paus/.test(name)]);
  }
});

test("a case in which the server does not read needs a buffer that grows, and only such a one", () => {
  const stalling = [
    draining,
    ...pressure.map(({ name }) => name).filter((it) => /waits|settles/.test(it)),
  ];
  const growing = pressure.filter(({ needs }) => needs?.includes("drain"));
  expect(growing.map(({ name }) => name)).toEqual(stalling);
});
