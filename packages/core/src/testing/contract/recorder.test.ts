import { describe, expect, test } from "vitest";
import { Recorder } from "./recorder.ts";
import { soon } from "./test-kit.ts";

const info = { protocol: "", extensions: "" };
const lost = { code: 1006, reason: "", wasClean: false };

/** A call of each kind, in an order that breaks no rule. */
const calls: readonly (readonly [name: string, call: (recorder: Recorder) => void])[] = [
  ["onOpen", (recorder) => recorder.onOpen(info)],
  ["onMessage", (recorder) => recorder.onMessage("é", 2)],
  ["onDrain", (recorder) => recorder.onDrain()],
  ["onPong", (recorder) => recorder.onPong(Uint8Array.of(1))],
  ["onActivity", (recorder) => recorder.onActivity()],
  ["onClose", (recorder) => recorder.onClose(lost)],
];

function opened(): Recorder {
  const recorder = new Recorder();
  recorder.onOpen(info);
  return recorder;
}

test("notes what every call tells, and no fault where the rules are kept", () => {
  const recorder = new Recorder();
  for (const [, call] of calls) call(recorder);
  expect(recorder).toMatchObject({
    opened: info,
    messages: ["é"],
    drains: 1,
    pongs: [Uint8Array.of(1)],
    activities: 1,
    closed: lost,
    faults: [],
  });
});

test("finds no fault in a dial that fails, with or without a word of the client", () => {
  const recorder = new Recorder();
  recorder.onClose(lost);
  const given = new Recorder();
  given.ended = "terminate()";
  given.onClose(lost);
  expect([recorder.faults, given.faults]).toEqual([[], []]);
});

describe("finds the fault of", () => {
  test.each(calls.slice(1, -1))("%s before onOpen", (name, call) => {
    const recorder = new Recorder();
    call(recorder);
    expect(recorder.faults).toEqual([`${name} was called before onOpen`]);
  });

  test("a second onOpen", () => {
    const recorder = opened();
    recorder.onOpen(info);
    expect(recorder.faults).toEqual(["onOpen was called twice"]);
  });

  test.each(calls.slice(1))("%s after onClose", (name, call) => {
    const recorder = opened();
    const first = { ...lost, code: 1000 };
    recorder.onClose(first);
    call(recorder);
    expect(recorder.faults).toEqual([`${name} was called after onClose`]);
    expect(recorder.closed).toBe(first);
  });

  test.each(calls)("%s inside a method", (name, call) => {
    const recorder = name === "onOpen" ? new Recorder() : opened();
    recorder.inside = "send";
    call(recorder);
    expect(recorder.faults).toEqual([`${name} was called inside send`]);
  });

  test.each(calls.slice(0, -1))("%s after the client ended it", (name, call) => {
    const recorder = name === "onOpen" ? new Recorder() : opened();
    recorder.ended = "terminate()";
    call(recorder);
    expect(recorder.faults).toEqual([`${name} was called after terminate()`]);
  });

  test("a wrong count of bytes, and not of none", () => {
    const recorder = opened();
    recorder.onMessage("é");
    expect(recorder.faults).toEqual([]);
    recorder.onMessage("é", 1);
    expect(recorder.faults).toEqual(["onMessage said 1 bytes of a message of 2"]);
  });

  test("a client that throws inside onMessage, which stays out of the transport", () => {
    const recorder = opened();
    recorder.react = () => {
      throw new Error("busy");
    };
    expect(() => recorder.onMessage("one")).not.toThrow();
    expect(recorder.faults).toEqual(["inside onMessage: Error: busy"]);
  });
});

test("reacts to a message inside onMessage, once it is noted, and not after the end", () => {
  const recorder = opened();
  const seen: unknown[] = [];
  recorder.react = (message) => seen.push([message, recorder.messages.length]);
  recorder.onMessage("one");
  recorder.ended = "terminate()";
  recorder.onMessage("two");
  const closed = opened();
  closed.react = recorder.react;
  closed.onClose(lost);
  closed.onMessage("three");
  expect(seen).toEqual([["one", 1]]);
});

describe("waiting", () => {
  test("ends at once where the condition holds, else with the call that makes it hold", async () => {
    const recorder = opened();
    await recorder.until("nothing", () => true);
    const drained = recorder.until("onDrain", () => recorder.drains > 1);
    recorder.onDrain();
    expect(await soon(drained)).toBe("hangs");
    recorder.onDrain();
    expect(await soon(drained)).toBeUndefined();
  });

  test.each(calls)("ends with a call of %s", async (name, call) => {
    const recorder = name === "onOpen" ? new Recorder() : opened();
    let holds = false;
    const waiting = recorder.until("it", () => holds);
    holds = true;
    call(recorder);
    expect(await soon(waiting)).toBeUndefined();
  });

  test("fails when the connection has ended, and says what it waited for", async () => {
    const recorder = opened();
    const before = recorder.until("onDrain", () => false);
    recorder.onClose(lost);
    await expect(before).rejects.toThrow("Closed with 1006 while waiting for onDrain");
    await expect(recorder.until("onPong", () => false)).rejects.toThrow(
      "Closed with 1006 while waiting for onPong",
    );
  });

  test("fails with every fault found so far, even where the condition holds", async () => {
    const recorder = new Recorder();
    const waiting = recorder.until("onDrain", () => recorder.drains > 0);
    recorder.onDrain();
    await expect(waiting).rejects.toThrow("onDrain was called before onOpen");
    recorder.onPong(new Uint8Array());
    await expect(recorder.until("nothing", () => true)).rejects.toThrow(
      "onDrain was called before onOpen; onPong was called before onOpen",
    );
  });

  test("asks no condition again that was settled", async () => {
    const recorder = opened();
    let asked = 0;
    await recorder.until("it", () => ++asked > 0);
    recorder.onDrain();
    expect(asked).toBe(1);
  });

  test("for the end tells how it ended", async () => {
    const recorder = opened();
    const end = recorder.end();
    expect(await soon(end)).toBe("hangs");
    recorder.onClose(lost);
    expect(await end).toBe(lost);
    expect(await recorder.end()).toBe(lost);
  });
});
