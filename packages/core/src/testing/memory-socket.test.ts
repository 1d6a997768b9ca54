import { describe, expect, test } from "vitest";
import { memoryServer } from "./index.ts";
import { MemorySocket, type SocketPeer } from "./memory-socket.ts";
import { abnormal, listenerOf, opened, requestFor, settled } from "./test-kit.ts";

/** A socket without a server: every call of its listener and of its peer, in order. */
function made() {
  const calls: unknown[] = [];
  const note =
    (name: string) =>
    (...values: readonly unknown[]): void =>
      void calls.push([name, ...values]);
  const listener = listenerOf((...call) => void calls.push(call));
  const socket = new MemorySocket(requestFor("ws://server.test/"), listener, note("end"));
  socket.onDialed = note("dialed");
  const peer: SocketPeer = {
    arrived: note("arrived"),
    pinged: note("pinged"),
    ponged: note("ponged"),
    closing: note("closing"),
    gone: note("gone"),
  };
  return { socket, peer, calls };
}

const info = { protocol: "", extensions: "" };

async function madeOpen() {
  const { socket, peer, calls } = made();
  socket.open(peer, info);
  await settled();
  expect(calls.splice(0)).toEqual([["dialed"], ["open", info]]);
  return { socket, calls };
}

describe("a socket that dials", () => {
  test("opens in a later microtask", async () => {
    const { socket, peer, calls } = made();
    socket.open(peer, info);
    expect([socket.state, calls]).toEqual(["dialing", []]);
    await settled();
    expect(socket.state).toBe("open");
    expect(calls).toEqual([["dialed"], ["open", info]]);
  });

  test("takes no message, sends no ping, and is dropped by a close", async () => {
    const { socket, calls } = made();
    expect(() => socket.send("early")).toThrow(
      new Error("The message was not taken: the connection is dialing"),
    );
    socket.ping(new Uint8Array());
    socket.close(4000, "never mind");
    expect(socket.state).toBe("closed");
    expect(calls).toEqual([["dialed"], ["end"]]);
    await settled();
    expect(calls.slice(2)).toEqual([["close", abnormal]]);
  });

  test("tells the error with which it was aborted, once", async () => {
    const { socket, calls } = made();
    const error = new Error("why");
    socket.abort(error);
    socket.abort(new Error("again"));
    await settled();
    expect(calls).toEqual([["dialed"], ["end"], ["close", { ...abnormal, error }]]);
  });

  test("does not open though the answer was under way when it was aborted", async () => {
    const { socket, peer, calls } = made();
    socket.open(peer, info);
    socket.abort();
    await settled();
    expect(calls).toEqual([["dialed"], ["end"], ["gone"], ["close", abnormal]]);
  });
});

describe("an open socket", () => {
  test("carries messages and control frames up at once, and counts a message's bytes", async () => {
    const { socket, calls } = await madeOpen();
    expect(socket.send("é€")).toBe(5);
    expect(socket.send(Uint8Array.of(1, 2))).toBe(2);
    socket.ping(Uint8Array.of(3));
    socket.close(4000, "enough");
    expect(calls).toEqual([
      ["arrived", "é€"],
      ["arrived", Uint8Array.of(1, 2)],
      ["pinged", Uint8Array.of(3)],
      ["closing", 4000, "enough"],
    ]);
    expect(socket.state).toBe("closing");
  });

  test("holds all of it in order while the peer is slow", async () => {
    const { socket, calls } = await madeOpen();
    socket.uplink.slow();
    expect(socket.send("é")).toBe(2);
    socket.ping(new Uint8Array());
    socket.close(1000, "");
    expect(calls).toEqual([]);
    expect(socket.uplink.bufferedAmount).toBe(2);
    socket.uplink.flow();
    expect(calls).toEqual([
      ["arrived", "é"],
      ["pinged", new Uint8Array()],
      ["closing", 1000, ""],
    ]);
  });

  test("tells of a drain at the request's mark", async () => {
    const { socket, calls } = await madeOpen();
    socket.uplink.slow();
    socket.send("0123456789");
    socket.uplink.drain(1);
    expect(calls).toEqual([["drain"]]);
  });

  test("refuses a ping of more than 125 bytes, whatever its state", async () => {
    const fault = new RangeError("A ping takes at most 125 bytes, not 126");
    expect(() => made().socket.ping(new Uint8Array(126))).toThrow(fault);
    const { socket, calls } = await madeOpen();
    expect(() => socket.ping(new Uint8Array(126))).toThrow(fault);
    socket.ping(new Uint8Array(125));
    expect(calls).toEqual([["pinged", new Uint8Array(125)]]);
  });

  test("closes once, and takes nothing afterwards", async () => {
    const { socket, calls } = await madeOpen();
    socket.close(4000, "enough");
    socket.close(4001, "again");
    socket.ping(new Uint8Array());
    expect(() => socket.send("late")).toThrow(
      new Error("The message was not taken: the connection is closing"),
    );
    expect(calls).toEqual([["closing", 4000, "enough"]]);
    socket.abort();
    socket.close(1000, "");
    expect(() => socket.send("late")).toThrow("the connection is closed");
    await settled();
    expect(calls.slice(1)).toEqual([["end"], ["gone"], ["close", abnormal]]);
  });

  test("ends when the peer's last frame arrives, and never again", async () => {
    const { socket, calls } = await madeOpen();
    socket.finish({ code: 4000, reason: "enough", wasClean: true });
    expect(socket.state).toBe("closed");
    socket.abort();
    await settled();
    expect(calls).toEqual([
      ["end"],
      ["gone"],
      ["close", { code: 4000, reason: "enough", wasClean: true }],
    ]);
  });

  test("tells of no drain after the end, though it came before", async () => {
    const { socket, calls } = await madeOpen();
    socket.uplink.slow();
    socket.send("0123456789");
    socket.deliver(() => {
      socket.finish();
      socket.uplink.drain(Infinity);
    });
    await settled();
    expect(calls).toEqual([["arrived", "0123456789"], ["end"], ["gone"], ["close", abnormal]]);
  });

  test("ends with 1006 where the peer does not say how", async () => {
    const { socket, calls } = await madeOpen();
    socket.finish();
    expect(calls).toEqual([["end"], ["gone"], ["close", abnormal]]);
  });

  test("fails what it still has to flush, with the close code", async () => {
    const { socket } = await madeOpen();
    socket.uplink.slow();
    socket.send("held");
    const flush = socket.uplink.flush();
    socket.finish({ code: 1001, reason: "", wasClean: true });
    await expect(flush).rejects.toThrow(
      new Error("The connection ended before all was sent: close code 1001"),
    );
  });

  test("that is deaf hears no frame and not the end, but its own drain and abort", async () => {
    const { socket, calls } = await madeOpen();
    socket.deafen();
    socket.deliver(() => expect.unreachable("the socket is deaf"));
    socket.finish();
    expect(socket.state).toBe("open");
    socket.uplink.slow();
    socket.send("0123456789");
    socket.uplink.drain(Infinity);
    socket.abort();
    await settled();
    expect(calls).toEqual([
      ["arrived", "0123456789"],
      ["drain"],
      ["end"],
      ["gone"],
      ["close", abnormal],
    ]);
  });
});

describe("what the server's end of a connection sends", () => {
  test("arrives at once where the client is in no callback, else right after it", async () => {
    const server = memoryServer();
    const client = await opened(server);
    server.peer.send("at once");
    expect(client.calls).toEqual([["message", "at once", 7]]);
    client.inside = () => {
      client.inside = () => {};
      server.peer.send("nested");
      expect(client.calls).toHaveLength(2);
    };
    server.peer.send("outer");
    server.peer.send("behind");
    await settled();
    expect(client.calls.map((call) => (call as unknown[])[1])).toEqual([
      "at once",
      "outer",
      "nested",
      "behind",
    ]);
  });

  test("waits while the client is paused, the end included", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.connection.pause!();
    expect(server.peer.paused).toBe(true);
    server.peer.send("one");
    server.peer.send("two");
    server.peer.close(4000, "enough");
    await settled();
    expect(client.calls).toEqual([]);
    expect(server.live).toBe(1);
    client.inside = () => {
      client.inside = () => {};
      client.connection.pause!();
    };
    client.connection.resume!();
    expect(server.peer.paused).toBe(false);
    expect(client.calls).toEqual([]);
    await settled();
    expect(client.calls).toEqual([["message", "one", 3]]);
    client.connection.resume!();
    await settled();
    expect(client.calls.slice(1)).toEqual([
      ["message", "two", 3],
      ["close", { code: 4000, reason: "enough", wasClean: true }],
    ]);
    client.connection.resume!();
    await settled();
    expect(client.calls).toHaveLength(3);
  });

  test("is cut off at once by a client that terminates in the middle of what was held back", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.connection.pause!();
    for (const message of ["one", "two", "three"]) server.peer.send(message);
    client.inside = (name) => {
      if (name === "message") client.connection.terminate();
    };
    client.connection.resume!();
    await settled();
    expect(client.calls).toEqual([
      ["message", "one", 3],
      ["close", abnormal],
    ]);
  });

  test("may be a drop: then nothing of what a paused client sends arrives", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.connection.pause!();
    server.peer.drop();
    client.connection.send("into the void");
    client.connection.close(1000, "");
    await settled();
    expect(server.peer.received).toEqual([]);
    expect(client.calls).toEqual([]);
    client.connection.resume!();
    await settled();
    expect(client.calls).toEqual([["close", abnormal]]);
  });

  test("goes on arriving after a callback that throws", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.inside = () => {
      client.inside = () => {};
      throw new Error("listener");
    };
    expect(() => server.peer.send("one")).toThrow("listener");
    server.peer.send("two");
    expect(client.calls).toEqual([
      ["message", "one", 3],
      ["message", "two", 3],
    ]);
  });

  test("and a drain inside a callback are told after it, and not after the end", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    peer.slow();
    client.connection.send("0123456789");
    client.inside = (name) => {
      if (name === "message") peer.drain();
    };
    peer.send("one");
    expect(client.calls).toEqual([["message", "one", 3]]);
    await settled();
    expect(client.calls.slice(1)).toEqual([["drain"]]);
    client.connection.send("0123456789");
    client.inside = (name) => {
      if (name === "message") {
        peer.drain();
        client.connection.terminate();
      }
    };
    peer.send("two");
    await settled();
    expect(client.calls.slice(2)).toEqual([
      ["message", "two", 3],
      ["close", abnormal],
    ]);
  });
});
