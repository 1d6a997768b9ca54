import { NotConnectedError } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { StreamConnection } from "./stream-connection.ts";
import {
  fakeStreamDial,
  openStreamDial,
  WebSocketError,
  type FakeStreamDial,
} from "./testing/fake-web-socket-stream.ts";
import { Recorder, request } from "./testing/recorder.ts";

describe("a dial", () => {
  test("asks for URL and subprotocols, and opens with what was agreed on", async () => {
    const { stream, told, clock } = fakeStreamDial({ protocols: ["v2", "v1"] });
    expect(stream).toMatchObject({ url: request().url, options: { protocols: ["v2", "v1"] } });
    stream.open({ protocol: "v1", extensions: "permessage-deflate" });
    await clock.settle();
    expect(told.info).toEqual({ protocol: "v1", extensions: "permessage-deflate" });
  });

  test("that fails ends once, with what little the platform tells", async () => {
    const { stream, told, clock } = fakeStreamDial();
    stream.fail(new WebSocketError("WebSocket closed before handshake complete."));
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(told.closed).toMatchObject({ code: 1006, reason: "", wasClean: false });
    expect(told.error).toMatchObject({ phase: "unknown", retryable: true });
    expect(told.error.message).toBe(
      "Connecting to ws://***@host.test/feed?token=*** failed: WebSocket closed before handshake complete.",
    );
  });

  test("because the constructor throws is told after connect has returned", async () => {
    const told = new Recorder();
    const clock = manualClock();
    function WebSocketStream(): never {
      throw new SyntaxError("The URL is not allowed here");
    }
    new StreamConnection(request(), told, clock, WebSocketStream as never).start();
    expect(told.calls).toEqual([]);
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(told.error).toMatchObject({ phase: "url", retryable: false });
  });

  const ways: readonly (readonly [string, (dial: FakeStreamDial) => void])[] = [
    ["terminate()", ({ connection }) => connection.terminate()],
    ["close()", ({ connection }) => connection.close(1000, "")],
  ];
  test.each(ways)(
    "that is given up ends at once, and is dropped should it open: %s",
    async (_, giveUp) => {
      const dial = fakeStreamDial();
      giveUp(dial);
      await dial.clock.settle();
      expect(dial.told.calls).toEqual(["close"]);
      expect(dial.stream.closes).toEqual([[]]);
      dial.stream.open();
      await dial.clock.settle();
      expect(dial.told.calls).toEqual(["close"]);
      expect(dial.stream.aborts).toBe(1);
    },
  );
});

describe("sending", () => {
  test("counts the bytes of what the platform has not taken yet", async () => {
    const { connection, stream, clock } = await openStreamDial();
    expect(connection.send("€")).toBe(3);
    expect(connection.send(new Uint8Array(4))).toBe(4);
    expect(connection.bufferedAmount).toBe(7);
    await clock.settle();
    stream.writes[0]!.taken();
    await clock.settle();
    expect(connection.bufferedAmount).toBe(4);
    stream.writes[1]!.taken();
    await clock.settle();
    expect(connection.bufferedAmount).toBe(0);
    expect(stream.writes.map(({ message }) => message)).toEqual(["€", new Uint8Array(4)]);
  });

  test("onDrain tells once that the bytes fell below the mark", async () => {
    const { connection, stream, told, clock } = await openStreamDial({ highWaterMark: 10 });
    for (const _ of [1, 2, 3]) connection.send("12345");
    for (const calls of [["open"], ["open", "drain"], ["open", "drain"]]) {
      await clock.settle();
      stream.writes.at(-1)!.taken();
      await clock.settle();
      expect(told.calls).toEqual(calls);
    }
  });

  test("below the mark onDrain keeps silent", async () => {
    const { connection, stream, told, clock } = await openStreamDial({ highWaterMark: 10 });
    connection.send("123456789");
    await clock.settle();
    stream.writes[0]!.taken();
    await clock.settle();
    expect(told.calls).toEqual(["open"]);
  });

  test("refuses messages before open, while closing and after the end", async () => {
    const { connection, stream, clock } = fakeStreamDial();
    expect(() => connection.send("early")).toThrow(NotConnectedError);
    stream.open();
    await clock.settle();
    connection.close(1000, "");
    expect(() => connection.send("late")).toThrow(NotConnectedError);
    connection.terminate();
    expect(() => connection.send("too late")).toThrow(NotConnectedError);
    await clock.settle();
    expect(stream.writes).toEqual([]);
  });

  test("refuses messages of a stream that broke a moment ago", async () => {
    const { connection, stream } = await openStreamDial();
    stream.break(new WebSocketError("broken"));
    expect(() => connection.send("lost")).toThrow(NotConnectedError);
    expect(connection.bufferedAmount).toBe(0);
  });

  test("what the platform rejects when it breaks stays counted, for its fate is unknown", async () => {
    const { connection, stream, told, clock } = await openStreamDial({ highWaterMark: 1 });
    connection.send("taken");
    connection.send("too late");
    await clock.settle();
    stream.break(new WebSocketError("broken"));
    stream.writes[0]!.taken();
    await clock.settle();
    expect(connection.bufferedAmount).toBe(8);
    expect(told.calls).toEqual(["open", "close"]);
  });
});

describe("receiving", () => {
  test("gives texts, and bytes of either kind as Uint8Array", async () => {
    const { stream, told, clock } = await openStreamDial();
    const bytes = Uint8Array.of(3, 4);
    for (const chunk of ["text", Uint8Array.of(1, 2).buffer, bytes]) stream.receive(chunk);
    await clock.settle();
    expect(told.messages).toEqual(["text", Uint8Array.of(1, 2), bytes]);
    expect(told.messages[2]).toBe(bytes);
  });

  test("pause holds back even the message that was asked for already, and asks for no more", async () => {
    const { connection, stream, told, clock } = await openStreamDial();
    connection.pause();
    connection.pause();
    for (const chunk of ["1", "2", "3"]) stream.receive(chunk);
    await clock.settle();
    expect(told.messages).toEqual([]);
    connection.pause();
    connection.resume();
    connection.pause();
    await clock.settle();
    expect(told.messages).toEqual([]);
    connection.resume();
    connection.resume();
    await clock.settle();
    expect(told.messages).toEqual(["1", "2", "3"]);
  });

  test("after terminate() nothing is given, paused or not", async () => {
    for (const pauses of [true, false]) {
      const { connection, stream, told, clock } = await openStreamDial();
      if (pauses) connection.pause();
      stream.receive("late");
      connection.terminate();
      connection.resume();
      await clock.settle();
      expect(told.calls).toEqual(["open", "close"]);
    }
  });
});

describe("the end", () => {
  test("tells the server's code and reason, behind what is still to be read", async () => {
    const { connection, stream, told, clock } = await openStreamDial();
    connection.pause();
    stream.receive("last");
    stream.end({ closeCode: 4001, reason: "enough" });
    await clock.settle();
    expect(told.calls).toEqual(["open"]);
    connection.resume();
    await clock.settle();
    expect(told.calls).toEqual(["open", "message", "close"]);
    expect(told.closed).toEqual({ code: 4001, reason: "enough", wasClean: true });
    expect(clock.pending).toBe(0);
  });

  test("is 1005 where the close frame held no code", async () => {
    const { stream, told, clock } = await openStreamDial();
    stream.end({});
    await clock.settle();
    expect(told.closed).toEqual({ code: 1005, reason: "", wasClean: true });
  });

  test.each([
    [null, "", { code: 1006, reason: "" }],
    [1011, "fault", { code: 1011, reason: "fault" }],
  ])("is not clean without a closing handshake: code %j", async (code, reason, close) => {
    const { stream, told, clock } = await openStreamDial();
    const error = new WebSocketError("WebSocket was not cleanly closed.", code, reason);
    stream.break(error);
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toEqual({ ...close, wasClean: false, error });
  });

  test("closing waits for what was sent before", async () => {
    const { connection, stream, clock } = await openStreamDial();
    connection.send("last");
    connection.close(4000, "done");
    await clock.settle();
    expect(stream.closes).toEqual([]);
    stream.writes[0]!.taken();
    await clock.settle();
    expect(stream.closes).toEqual([[{ closeCode: 4000, reason: "done" }]]);
  });

  test("closing with nothing under way is at once", async () => {
    const { connection, stream } = await openStreamDial();
    connection.close(4000, "done");
    connection.close(4001, "again");
    expect(stream.closes).toEqual([[{ closeCode: 4000, reason: "done" }]]);
  });

  test("closing waits ten seconds for the server, then drops what is still to be sent", async () => {
    const { connection, stream, told, clock } = await openStreamDial();
    connection.send("never taken");
    connection.close(1000, "");
    await clock.advance(9_999);
    expect(told.calls).toEqual(["open"]);
    await clock.advance(1);
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toMatchObject({ code: 1006, wasClean: false });
    expect(stream.closes).toEqual([[]]);
    expect(clock.pending).toBe(0);
  });

  test("terminate() forgets what is not sent yet", async () => {
    const { connection, stream, told, clock } = await openStreamDial();
    connection.terminate();
    connection.terminate();
    expect(told.calls).toEqual(["open"]);
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(stream).toMatchObject({ aborts: 1, closes: [[]] });
  });
});

/** A stream as the platform should not have it, and what is told of it. */
function misbehaving(stream: {
  readonly opened?: unknown;
  readonly closed?: unknown;
  readonly close?: () => void;
}): Pick<FakeStreamDial, "connection" | "told" | "clock"> {
  const told = new Recorder();
  const clock = manualClock();
  function WebSocketStream(): object {
    return { opened: never, closed: never, close() {}, ...stream };
  }
  const made = new StreamConnection(request(), told, clock, WebSocketStream as never);
  return { connection: made.start(), told, clock };
}

const never = new Promise<never>(() => {});
const rejected = (value: unknown): Promise<never> => {
  const promise = Promise.reject(value);
  promise.catch(() => {});
  return promise;
};
const open = (readable: ReadableStream): object => ({ readable, writable: new WritableStream() });
const silent = (): ReadableStream => new ReadableStream();

describe("a stream that misbehaves ends once, and soon", () => {
  test.each<[string, Parameters<typeof misbehaving>[0], number, object]>([
    [
      "closed rejects without an error",
      { opened: open(silent()), closed: rejected(undefined) },
      0,
      { code: 1006, reason: "", wasClean: false },
    ],
    [
      "closed resolves without a value",
      { opened: open(silent()), closed: Promise.resolve() },
      0,
      { code: 1006, wasClean: false },
    ],
    [
      "reading fails, and closed never settles",
      { opened: open(new ReadableStream({ start: (it) => it.error(new Error("cut")) })) },
      1_000,
      { code: 1006, wasClean: false, error: { message: "cut" } },
    ],
    [
      "there is nothing left to read, and closed never settles",
      { opened: open(new ReadableStream({ start: (it) => it.close() })) },
      10_000,
      { code: 1006, wasClean: false },
    ],
    [
      "closed resolves, and the readable never ends",
      { opened: open(silent()), closed: Promise.resolve({ closeCode: 4000, reason: "done" }) },
      1_000,
      { code: 4000, reason: "done", wasClean: true },
    ],
    [
      "closed resolves, and reading fails",
      {
        opened: open(new ReadableStream({ pull: (it) => it.error(new Error("cut")) })),
        closed: Promise.resolve({ closeCode: 4000 }),
      },
      0,
      { code: 4000, wasClean: true },
    ],
  ])("%s", async (_, stream, wait, close) => {
    const { connection, told, clock } = misbehaving(stream);
    await clock.advance(Math.max(0, wait - 1));
    expect(told.calls).toEqual(wait > 0 ? ["open"] : ["open", "close"]);
    await clock.advance(1);
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toMatchObject(close);
    connection.terminate();
    await clock.settle();
    expect(told.calls).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test.each<[string, Parameters<typeof misbehaving>[0], string]>([
    [
      "closed rejects before opened settles",
      { closed: rejected(new Error("no route")) },
      "no route",
    ],
    ["closed resolves before opened settles", { closed: Promise.resolve({}) }, "does not tell why"],
    ["both reject without an error", { opened: rejected(null), closed: rejected(0) }, "tell why"],
    ["opened rejects with a text", { opened: rejected("refused") }, "failed: refused"],
    ["opened holds no streams", { opened: Promise.resolve({}) }, "failed: "],
  ])("while dialing: %s", async (_, stream, message) => {
    const { told, clock } = misbehaving(stream);
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(told.error).toMatchObject({ code: "CONNECT", phase: "unknown" });
    expect(told.error.message).toContain(message);
    expect(clock.pending).toBe(0);
  });

  test("after a failed read, closed may still tell the code", async () => {
    let close: ((info: object) => void) | undefined;
    const { told, clock } = misbehaving({
      opened: open(new ReadableStream({ start: (it) => it.error(new Error("cut")) })),
      closed: new Promise((resolve) => (close = resolve)),
    });
    await clock.advance(999);
    close!({ closeCode: 4001 });
    await clock.settle();
    expect(told.closed).toEqual({ code: 4001, reason: "", wasClean: true });
    expect(clock.pending).toBe(0);
  });

  test("what still comes after closed is given, until nothing came for a second", async () => {
    let feed: ReadableStreamDefaultController<string>;
    const { told, clock } = misbehaving({
      opened: open(new ReadableStream({ start: (it) => void (feed = it) })),
      closed: Promise.resolve({ closeCode: 4000 }),
    });
    for (const message of ["1", "2"]) {
      await clock.advance(999);
      feed!.enqueue(message);
      await clock.advance(1);
    }
    expect(told.calls).toEqual(["open", "message", "message"]);
    await clock.advance(1_000);
    expect(told.calls).toEqual(["open", "message", "message", "close"]);
    expect(told.closed).toMatchObject({ code: 4000, wasClean: true });
  });

  test("what is held back is not cut off, however long it is", async () => {
    const { connection, stream, told, clock } = await openStreamDial();
    connection.pause();
    for (const chunk of ["1", "2"]) stream.receive(chunk);
    stream.end({ closeCode: 4001 });
    await clock.advance(60_000);
    expect(told.calls).toEqual(["open"]);
    connection.resume();
    await clock.settle();
    expect(told.calls).toEqual(["open", "message", "message", "close"]);
    expect(told.closed).toMatchObject({ code: 4001, wasClean: true });
  });

  test("close() throws while it is dropped", async () => {
    const { connection, told, clock } = misbehaving({
      close() {
        throw new Error("too early");
      },
    });
    expect(() => connection.terminate()).not.toThrow();
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
  });
});
