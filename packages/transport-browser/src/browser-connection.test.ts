import { NotConnectedError } from "@stream-tungstenite/core";
import { describe, expect, test } from "vitest";
import {
  fakeDial,
  openDial,
  type FakeDial,
  type FakeWebSocket,
} from "./testing/fake-web-socket.ts";

/** A platform's way to do something, as far as it matters here. */
type Way = readonly [platform: string, does: (socket: FakeWebSocket) => void];

const quoted =
  "WebSocket connection to 'ws://host.test/feed?token=s3cret' failed: Failed to connect";

describe("a dial that fails", () => {
  test.each<Way>([
    ["Node 20 and 22: error, no close, for ever connecting", (socket) => socket.fire("error")],
    [
      "browsers, Node 24: error, then close",
      (socket) => {
        socket.fire("error", {}, 3);
        socket.fire("close", { code: 1006, reason: "", wasClean: false });
      },
    ],
    [
      "Bun: an error that quotes the URL, then close",
      (socket) => {
        socket.fire("error", { message: quoted, error: new Error(quoted) }, 3);
        socket.fire("close", { code: 1006, reason: "", wasClean: false });
      },
    ],
    [
      "Deno: close code 0",
      (socket) => {
        socket.fire("error", { message: "NetworkError: dns error" }, 3);
        socket.fire("close", { code: 0, reason: "", wasClean: false });
      },
    ],
    [
      "close alone, claiming to be clean",
      (socket) => socket.fire("close", { code: 1002, wasClean: true }, 3),
    ],
    [
      "error twice, and an open that comes too late",
      (socket) => {
        socket.fire("error");
        socket.fire("error");
        socket.open();
      },
    ],
  ])("ends once, with 1006: %s", async (_, fails) => {
    const { socket, told, clock } = fakeDial();
    fails(socket);
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(told.closed).toMatchObject({ code: 1006, reason: "", wasClean: false });
    expect(told.error).toMatchObject({ code: "CONNECT", phase: "unknown", retryable: true });
    expect(clock.pending).toBe(0);
  });

  test("says what was attempted, and that a browser does not tell more", async () => {
    const { socket, told, clock } = fakeDial();
    socket.fire("error");
    await clock.settle();
    expect(told.error.message).toBe(
      "Connecting to ws://***@host.test/feed?token=*** failed: the platform does not tell why",
    );
    expect(told.error).not.toHaveProperty("cause");
  });

  test.each([
    ["the event's error", { error: new Error("getaddrinfo ENOTFOUND"), message: "x" }],
    ["the event's message", { message: "getaddrinfo ENOTFOUND" }],
    ["the reason of the close", { reason: "getaddrinfo ENOTFOUND" }],
  ])("quotes what the platform does tell: %s", async (_, event) => {
    const { socket, told, clock } = fakeDial();
    socket.fire("close", { code: 1006, ...event });
    await clock.settle();
    expect(told.error.message).toMatch(/failed: getaddrinfo ENOTFOUND$/);
    expect(told.error.cause).toMatchObject({ message: "getaddrinfo ENOTFOUND" });
  });

  test("keeps the platform's error as its cause, unless that holds a secret", async () => {
    const harmless = new Error("connect ECONNREFUSED 127.0.0.1:1");
    for (const [error, cause] of [
      [harmless, harmless],
      [
        new Error(quoted),
        expect.objectContaining({ message: expect.not.stringContaining("s3cret") as string }),
      ],
    ]) {
      const { socket, told, clock } = fakeDial();
      socket.fire("error", { error });
      await clock.settle();
      expect(told.error.cause).toEqual(cause);
      expect(told.error.message).not.toContain("s3cret");
    }
  });

  test("because the constructor throws is told after connect has returned, and not worth a retry", async () => {
    const { told, clock, sockets } = fakeDial({
      make() {
        throw new SyntaxError(
          "The URL 'ws://host.test/?token=s3cret' is not allowed from https://page.test/",
        );
      },
    });
    expect(told.calls).toEqual([]);
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(told.error).toMatchObject({ phase: "url", retryable: false });
    expect(told.error.message).toMatch(/The URL 'ws:\/\/host.test\/\?token=\*\*\*/);
    expect(sockets).toEqual([]);
  });

  test("because the constructor throws a text quotes it", async () => {
    const { told, clock } = fakeDial({
      make() {
        throw "not in this sandbox";
      },
    });
    await clock.settle();
    expect(told.error.message).toMatch(/failed: not in this sandbox$/);
    expect(told.error.cause).toMatchObject({ cause: "not in this sandbox" });
  });
});

describe("an open connection", () => {
  test.each([
    [{ protocol: "v2", extensions: "permessage-deflate" }, ["v2", "permessage-deflate"]],
    [{ protocol: null, extensions: null }, ["", ""]],
    [{ protocol: undefined, extensions: undefined }, ["", ""]],
  ])("is told with subprotocol and extensions: %j", (has, [protocol, extensions]) => {
    const { told } = openDial({ make: (socket) => void Object.assign(socket, has) });
    expect(told.info).toEqual({ protocol, extensions });
  });

  test("has no ping, pause or flush, for the platform has none", () => {
    const { connection } = openDial();
    for (const method of ["ping", "pause", "resume", "flush"]) {
      expect(connection).not.toHaveProperty(method);
    }
  });

  test("asks for array buffers and gives plain bytes, texts as they are", () => {
    const { socket, told } = openDial();
    expect(socket.binaryType).toBe("arraybuffer");
    socket.fire("message", { data: Uint8Array.of(1, 2).buffer });
    socket.fire("message", { data: "text" });
    expect(told.messages).toEqual([Uint8Array.of(1, 2), "text"]);
  });

  test("sends messages as they are", () => {
    const { connection, socket } = openDial();
    const bytes = new Uint8Array(8).subarray(2, 4);
    connection.send(bytes);
    connection.send("text");
    expect(socket.sent).toEqual([bytes, "text"]);
    expect(socket.sent[0]).toBe(bytes);
  });

  test("is not ended by the request's signal any more", async () => {
    const controller = new AbortController();
    const { told, clock } = openDial({ signal: controller.signal });
    controller.abort();
    await clock.settle();
    expect(told.calls).toEqual(["open"]);
  });

  test.each<Way>([
    [
      "the server closes it, and its close event is yet to come",
      (socket) => (socket.readyState = 2),
    ],
    ["it is gone, and workerd would throw", (socket) => (socket.readyState = 3)],
  ])("refuses messages that the platform would lose: %s", (_, ends) => {
    const { connection, socket } = openDial();
    ends(socket);
    expect(() => connection.send("lost")).toThrow(NotConnectedError);
    expect(socket.sent).toEqual([]);
  });

  test("refuses messages before it is open, while it closes and after the end", () => {
    const { connection, socket } = fakeDial();
    expect(() => connection.send("early")).toThrow(NotConnectedError);
    socket.open();
    connection.close(1000, "");
    expect(() => connection.send("late")).toThrow(NotConnectedError);
    connection.terminate();
    expect(() => connection.send("too late")).toThrow(NotConnectedError);
    expect(socket.sent).toEqual([]);
  });
});

describe("the end of an open connection", () => {
  const abnormal = { code: 1006, reason: "", wasClean: false };
  test.each<readonly [...Way, object]>([
    [
      "the closing handshake",
      (socket) => socket.fire("close", { code: 4001, reason: "enough", wasClean: true }, 3),
      { code: 4001, reason: "enough", wasClean: true },
    ],
    [
      "a code, but the server did not answer in time",
      (socket) => socket.fire("close", { code: 1011, reason: "", wasClean: false }, 3),
      { code: 1011, reason: "", wasClean: false },
    ],
    [
      "React Native: neither reason nor wasClean",
      (socket) => socket.fire("close", { code: 1001 }, 3),
      { code: 1001, reason: "", wasClean: true },
    ],
    [
      "Deno: 0 is an abnormal closure",
      (socket) => socket.fire("close", { code: 0, reason: "", wasClean: true }, 3),
      abnormal,
    ],
    [
      "1006 is never clean",
      (socket) => socket.fire("close", { code: 1006, reason: "", wasClean: true }, 3),
      abnormal,
    ],
    [
      "workerd: a reason of its own where there was no close frame",
      (socket) => socket.fire("close", { code: 1006, reason: "disconnected", wasClean: false }, 3),
      { ...abnormal, error: { message: "disconnected" } },
    ],
    [
      "browsers: error, then close, then events out of order",
      (socket) => {
        socket.fire("error", {}, 3);
        socket.fire("close", { ...abnormal });
        socket.fire("close", { code: 1000, reason: "again", wasClean: true });
        socket.fire("error", {});
        socket.fire("message", { data: "late" });
        socket.open();
      },
      abnormal,
    ],
  ])("is told once: %s", async (_, ends, close) => {
    const { socket, told, clock } = openDial();
    ends(socket);
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toMatchObject(close);
    expect(clock.pending).toBe(0);
  });

  test("comes without a close event on workerd: an error, and the socket is gone", async () => {
    const { socket, told, clock } = openDial();
    socket.fire("error", { message: "protocol error" }, 3);
    await clock.settle();
    expect(told.calls).toEqual(["open"]);
    await clock.advance(0);
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toMatchObject({ ...abnormal, error: { message: "protocol error" } });
    expect(clock.pending).toBe(0);
  });

  test("waits a second for the close event of a socket that is not gone yet, and drops it then", async () => {
    const { socket, told, clock } = openDial();
    socket.fire("error");
    await clock.advance(999);
    expect(told.calls).toEqual(["open"]);
    await clock.advance(1);
    expect(told.closed).toMatchObject(abnormal);
    expect(socket.closes).toEqual([[]]);
  });

  test("keeps the error that came before the close event", async () => {
    const { socket, told, clock } = openDial();
    const error = new Error("Invalid UTF-8");
    socket.fire("error", { error }, 2);
    socket.fire("close", { code: 1007, reason: "", wasClean: true }, 3);
    await clock.settle();
    expect(told.closed).toEqual({ code: 1007, reason: "", wasClean: true, error });
    expect(clock.pending).toBe(0);
  });
});

describe("bufferedAmount", () => {
  test("is the platform's, and 0 where it has none, as on workerd, or no socket yet", () => {
    const { connection, socket } = openDial();
    socket.bufferedAmount = 7;
    expect(connection.bufferedAmount).toBe(7);
    socket.bufferedAmount = undefined as unknown as number;
    expect(connection.bufferedAmount).toBe(0);
    expect(fakeDial({ headers: () => new Promise(() => {}) }).connection.bufferedAmount).toBe(0);
  });

  test("is not looked at below the mark", () => {
    const { connection, socket, clock } = openDial();
    socket.bufferedAmount = 99;
    connection.send("message");
    expect(clock.pending).toBe(0);
  });

  test("is looked at from the mark on until it fell below, then onDrain tells", async () => {
    const { connection, socket, told, clock } = openDial();
    for (const round of [1, 2]) {
      socket.bufferedAmount = 100;
      connection.send("message");
      connection.send("message");
      expect(clock.pending).toBe(1);
      await clock.advance(1_000);
      expect(clock.pending).toBe(1);
      socket.bufferedAmount = 99;
      await clock.advance(10);
      expect(told.calls).toEqual(["open", ...Array.from({ length: round }, () => "drain")]);
      expect(clock.pending).toBe(0);
    }
  });

  test.each<readonly [string, (dial: FakeDial) => void]>([
    ["terminate()", ({ connection }) => connection.terminate()],
    ["the server's close", ({ socket }) => socket.fire("close", { code: 1000 }, 3)],
  ])("is not looked at after the end: %s", async (_, end) => {
    const dial = openDial();
    dial.socket.bufferedAmount = 100;
    dial.connection.send("message");
    end(dial);
    expect(dial.clock.pending).toBe(0);
    await dial.clock.settle();
    expect(dial.told.calls).toEqual(["open", "close"]);
  });

  test("raises no onDrain while the connection closes", async () => {
    const { connection, socket, told, clock } = openDial();
    socket.bufferedAmount = 100;
    connection.send("message");
    connection.close(1000, "");
    socket.bufferedAmount = 0;
    await clock.advance(100);
    expect(told.calls).toEqual(["open"]);
  });
});
