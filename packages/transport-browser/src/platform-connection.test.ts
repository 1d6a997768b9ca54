import { describe, expect, test, vi } from "vitest";
import { fakeDial, openDial, type FakeDial } from "./testing/fake-web-socket.ts";

describe("a dial that is given up", () => {
  const ways: readonly (readonly [string, (dial: FakeDial) => void])[] = [
    ["terminate()", ({ connection }) => connection.terminate()],
    ["close()", ({ connection }) => connection.close(1000, "")],
  ];
  test.each(ways)(
    "ends at once, though Node 20 and 22 stay closing without an event: %s",
    async (_, giveUp) => {
      const dial = fakeDial();
      giveUp(dial);
      expect(dial.told.calls).toEqual([]);
      await dial.clock.settle();
      expect(dial.told.calls).toEqual(["close"]);
      expect(dial.told.closed).toMatchObject({ code: 1006, wasClean: false });
      expect(dial.socket).toMatchObject({ readyState: 2, closes: [[]] });
      expect(dial.clock.pending).toBe(0);
    },
  );

  test("is closed again should it open all the same", async () => {
    const { connection, socket, told, clock } = fakeDial();
    connection.terminate();
    await clock.settle();
    socket.open();
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(socket.closes).toEqual([[], []]);
  });

  test("ends although close() throws, as on workerd", async () => {
    const { connection, told, clock } = fakeDial({
      make: (socket) => {
        socket.close = () => {
          throw new TypeError("not yet accepted");
        };
      },
    });
    connection.terminate();
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
  });

  test("by the request's signal, before and after connect", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const early = fakeDial({ signal });
    controller.abort();
    await early.clock.settle();
    expect(early.told.calls).toEqual(["close"]);
    expect(early.socket.closes).toEqual([[]]);
    const late = fakeDial({ signal });
    await late.clock.settle();
    expect(late.told.calls).toEqual(["close"]);
    expect(late.sockets).toEqual([]);
  });
});

describe("a second open event", () => {
  test("changes nothing on a connection that works", async () => {
    const { connection, socket, told, clock } = openDial();
    socket.open();
    await clock.settle();
    expect(told.calls).toEqual(["open"]);
    expect(socket.closes).toEqual([]);
    connection.close(4000, "done");
    socket.open();
    expect(socket.closes).toEqual([[4000, "done"]]);
  });
});

describe("close()", () => {
  test("starts the closing handshake once", async () => {
    const { connection, socket, told, clock } = openDial();
    connection.close(4000, "first");
    connection.close(4001, "second");
    expect(socket.closes).toEqual([[4000, "first"]]);
    socket.fire("close", { code: 4000, reason: "first", wasClean: true }, 3);
    await clock.settle();
    expect(told.closed).toMatchObject({ code: 4000, reason: "first", wasClean: true });
    expect(clock.pending).toBe(0);
  });

  test("waits ten seconds for a server that does not answer", async () => {
    const { connection, told, clock } = openDial();
    connection.close(1000, "");
    await clock.advance(9_999);
    expect(told.calls).toEqual(["open"]);
    await clock.advance(1);
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toMatchObject({ code: 1006, wasClean: false });
    expect(clock.pending).toBe(0);
  });

  test("still gives what arrives meanwhile", () => {
    const { connection, socket, told } = openDial();
    connection.close(1000, "");
    socket.fire("message", { data: "last" });
    expect(told.messages).toEqual(["last"]);
  });

  test("throws what the platform throws, and can be terminated then", async () => {
    const refusal = new Error("no such code");
    const { connection, told, clock } = openDial({
      make: (socket) => {
        socket.close = (...args) => {
          if (args.length > 0) throw refusal;
        };
      },
    });
    expect(() => connection.close(1001, "")).toThrow(refusal);
    expect(told.calls).toEqual(["open"]);
    connection.terminate();
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(clock.pending).toBe(0);
  });

  test.each([
    [1000, ""],
    [3000, "x".repeat(123)],
    [4999, "€".repeat(41)],
  ])("takes %d, %j", (code, reason) => {
    const { connection, socket } = openDial();
    connection.close(code, reason);
    expect(socket.closes).toEqual([[code, reason]]);
  });
});

describe("terminate()", () => {
  test("ends it at once, whatever the server does", async () => {
    const { connection, socket, told, clock } = openDial();
    connection.terminate();
    connection.terminate();
    expect(told.calls).toEqual(["open"]);
    socket.fire("message", { data: "late" });
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(told.closed).toEqual({ code: 1006, reason: "", wasClean: false });
    expect(socket.closes).toEqual([[]]);
  });

  test("does not wait for the answer to close()", async () => {
    const { connection, told, clock } = openDial();
    connection.close(1000, "");
    connection.terminate();
    await clock.settle();
    expect(told.calls).toEqual(["open", "close"]);
    expect(clock.pending).toBe(0);
  });

  test("drops the TCP connection where the platform can: Bun, ws", () => {
    const terminate = vi.fn<() => void>();
    const { connection, socket } = openDial({
      make: (made) => void Object.assign(made, { terminate }),
    });
    connection.terminate();
    expect(terminate).toHaveBeenCalledTimes(1);
    expect(socket.closes).toEqual([]);
  });
});
