import { describe, expect, test, vi } from "vitest";
import { ConnectError } from "../errors.ts";
import type { Connection, ConnectionListener, ConnectRequest } from "../transport.ts";
import { manualClock, memoryServer, memoryTransport, seededRandom } from "./index.ts";
import type { MemoryServer, MemoryTransportOptions } from "./index.ts";

const settled = () => manualClock().settle();

interface Client {
  readonly calls: readonly unknown[];
  readonly connection: Connection;
  readonly abort: (reason?: unknown) => void;
  /** Runs inside every call of the listener. */
  inside: (name: string) => void;
}

function dial(
  server: MemoryServer,
  request?: Partial<ConnectRequest>,
  options?: MemoryTransportOptions,
): Client {
  const calls: unknown[] = [];
  const controller = new AbortController();
  const call =
    (name: string) =>
    (...values: unknown[]): void => {
      calls.push([name, ...values]);
      client.inside(name);
    };
  const listener: ConnectionListener = {
    onOpen: call("open"),
    onMessage: call("message"),
    onClose: call("close"),
    onDrain: call("drain"),
    onPong: call("pong"),
    onActivity: call("activity"),
  };
  const whole: ConnectRequest = {
    url: server.url,
    protocols: [],
    noDelay: true,
    highWaterMark: 10,
    attempt: 0,
    signal: controller.signal,
    ...request,
  };
  const connection = memoryTransport(server, options).connect(whole, listener);
  const client: Client = {
    calls,
    connection,
    abort: (reason) => controller.abort(reason),
    inside: () => {},
  };
  return client;
}

/** A connection that is open, whose `open` call is not counted. */
async function opened(server: MemoryServer, request?: Partial<ConnectRequest>): Promise<Client> {
  const client = dial(server, request);
  await settled();
  expect(client.calls).toMatchObject([["open", {}]]);
  (client.calls as unknown[]).length = 0;
  return client;
}

const abnormal = { code: 1006, reason: "", wasClean: false };

describe("dials", () => {
  test("are accepted without a word, with the first subprotocol offered", async () => {
    const server = memoryServer();
    const client = dial(server, { protocols: ["a", "b"], attempt: 3 });
    expect(client.calls).toEqual([]);
    await settled();
    expect(client.calls).toEqual([["open", { protocol: "a", extensions: "" }]]);
    expect(server.dials).toMatchObject([
      { url: "ws://server.test/", protocols: ["a", "b"], attempt: 3, state: "accepted" },
    ]);
  });

  test("are answered by the script, one step each, then by onDial, then accepted", async () => {
    const server = memoryServer({ url: "wss://other.test/feed" });
    server.script(
      (it) => it.refuse(503, { retryAfter: 2_000 }),
      (it) => it.accept({ protocol: "x", extensions: "permessage-deflate" }),
    );
    const undo = server.onDial((it) => it.fail("dns"));
    const clients = Array.from({ length: 3 }, () => dial(server, { url: `${server.url}?token=t` }));
    undo();
    clients.push(dial(server));
    await settled();
    expect(clients.map(({ calls }) => calls)).toMatchObject([
      [["close", { ...abnormal, error: { phase: "upgrade", status: 503, retryAfter: 2_000 } }]],
      [["open", { protocol: "x", extensions: "permessage-deflate" }]],
      [["close", { ...abnormal, error: { phase: "dns", retryable: true } }]],
      [["open", { protocol: "", extensions: "" }]],
    ]);
    expect(server.dials.map(({ state }) => state)).toEqual([
      "failed",
      "accepted",
      "failed",
      "accepted",
    ]);
  });

  test("undoing an onDial that was replaced leaves the newer one", async () => {
    const server = memoryServer();
    const undo = server.onDial(() => {});
    server.onDial((it) => it.fail("tls", { retryable: false, message: "no", cause: "why" }));
    undo();
    const client = dial(server);
    await settled();
    const expected = new ConnectError("Connecting to ws://server.test/ failed: no", {
      phase: "tls",
      retryable: false,
      cause: "why",
    });
    expect(client.calls).toEqual([["close", { ...abnormal, error: expected }]]);
    expect(server.dials[0]!.state).toBe("failed");
  });

  test.each([
    ["dns", "the host was not found"],
    ["tcp", "the connection was refused"],
    ["unknown", "it failed"],
  ] as const)("that fail in %s say what was dialed, without its secrets", async (phase, what) => {
    const server = memoryServer();
    server.script((it) => it.fail(phase));
    const client = dial(server, { url: "wss://me:secret@server.test:8443/feed?token=secret" });
    await settled();
    const message = `Connecting to wss://***@server.test:8443/feed?token=*** failed: ${what}`;
    expect(client.calls).toMatchObject([["close", { error: { message } }]]);
  });

  test("wait until they are answered", async () => {
    const server = memoryServer();
    server.onDial(() => {});
    const client = dial(server);
    await settled();
    expect(client.calls).toEqual([]);
    expect(server.dials[0]!.state).toBe("waiting");
    const peer = server.dials[0]!.accept();
    peer.send("right away");
    expect(client.calls).toEqual([]);
    await settled();
    expect(client.calls).toMatchObject([
      ["open", {}],
      ["message", "right away", 10],
    ]);
  });

  test("are answered once", () => {
    const server = memoryServer();
    dial(server);
    const [it] = server.dials;
    expect(() => it!.accept()).toThrow("The dial was answered already: accepted");
    expect(() => it!.refuse(503)).toThrow("answered already");
    expect(() => it!.fail("tcp")).toThrow("answered already");
  });

  test("that the client gave up may still be answered, which reaches nobody", async () => {
    const server = memoryServer();
    server.onDial(() => {});
    const clients = [dial(server), dial(server), dial(server)];
    clients[0]!.connection.terminate();
    clients[1]!.connection.close(1000, "");
    clients[2]!.abort("changed my mind");
    await settled();
    expect(server.dials.map(({ state }) => state)).toEqual(["gone", "gone", "gone"]);
    const peer = server.dials[0]!.accept();
    server.dials[1]!.fail("tcp");
    server.dials[2]!.refuse(500);
    await settled();
    expect(peer.isOpen).toBe(false);
    await peer.ended;
    expect(clients[0]!.calls).toEqual([["close", abnormal]]);
    expect(clients[1]!.calls).toEqual([["close", abnormal]]);
    expect(clients[2]!.calls).toMatchObject([
      [
        "close",
        {
          error: {
            message: "Connecting to ws://server.test/ was aborted",
            cause: "changed my mind",
          },
        },
      ],
    ]);
    expect(server.live).toBe(0);
  });

  test("that were aborted before they began reach no server", async () => {
    const server = memoryServer();
    server.script((it) => it.refuse(500));
    const signal = AbortSignal.abort("no");
    const client = dial(server, { signal });
    await settled();
    expect(client.calls).toMatchObject([["close", { error: { cause: "no" } }]]);
    expect(server.dials.map(({ state }) => state)).toEqual(["gone"]);
    dial(server);
    expect(server.dials[1]!.state).toBe("failed");
  });

  test("given up while their answer is under way stay given up", async () => {
    const server = memoryServer();
    const client = dial(server);
    client.connection.terminate();
    await settled();
    expect(client.calls).toEqual([["close", abnormal]]);
    expect(server.peer.isOpen).toBe(false);
  });

  test("aborted while their answer is under way never open", async () => {
    const server = memoryServer();
    const client = dial(server);
    client.abort("just now");
    await settled();
    expect(client.calls).toMatchObject([["close", { error: { cause: "just now" } }]]);
  });

  test("leave no listener on the request's signal when they are over", async () => {
    const server = memoryServer();
    const { signal } = new AbortController();
    const listening = new Set<unknown>();
    const adding = vi.spyOn(signal, "addEventListener");
    adding.mockImplementation((_, it) => void listening.add(it));
    vi.spyOn(signal, "removeEventListener").mockImplementation((_, it) => {
      listening.delete(it);
    });
    server.script(
      (it) => it.accept(),
      (it) => it.refuse(503),
      () => {},
    );
    for (let dials = 1; dials <= 3; dials++) {
      const { connection } = dial(server, { signal });
      expect(adding).toHaveBeenCalledTimes(dials);
      if (dials === 3) connection.terminate();
      await settled();
      expect(listening.size).toBe(0);
    }
  });

  test("do not tell why they failed where the transport cannot know", async () => {
    const server = memoryServer();
    server.script((it) => it.refuse(503));
    const client = dial(server, {}, { errors: false });
    await settled();
    expect(client.calls).toEqual([["close", abnormal]]);
  });

  test("go to a server of this module only", () => {
    const stranger = { ...memoryServer() } as MemoryServer;
    expect(() => dial(stranger)).toThrow("The server was not made by memoryServer()");
  });
});

describe("the server", () => {
  test("counts the sockets that exist, and the most there ever were", async () => {
    const server = memoryServer();
    expect([server.live, server.maxLive]).toEqual([0, 0]);
    const first = await opened(server);
    first.connection.terminate();
    first.connection.terminate();
    expect([server.live, server.maxLive]).toEqual([0, 1]);
    const second = await opened(server);
    dial(server);
    expect([server.live, server.maxLive]).toEqual([2, 2]);
    second.connection.close(1000, "");
    expect(server.live).toBe(2);
    await settled();
    expect(server.live).toBe(1);
    server.drop();
    server.drop();
    await settled();
    expect([server.live, server.maxLive]).toEqual([0, 2]);
    expect(second.calls).toEqual([["close", { code: 1000, reason: "", wasClean: true }]]);
  });

  test("keeps every peer, the newest at hand", async () => {
    const server = memoryServer();
    expect(() => server.peer).toThrow("No connection was accepted yet");
    const later = server.nextPeer();
    dial(server);
    dial(server);
    expect(server.peer).toBe(server.peers[1]);
    expect(server.peer.url).toBe("ws://server.test/");
    expect(await later).toBe(server.peers[0]);
    expect(await server.nextPeer()).toBe(server.peers[1]);
  });

  test("hears every message, after send has returned", async () => {
    const server = memoryServer();
    const heard: unknown[] = [];
    const undo = server.onMessage((message, peer) => {
      heard.push(message);
      peer.send(`re: ${String(message)}`);
    });
    const client = await opened(server);
    const undoPeer = server.peer.onMessage((message) => heard.push(`peer ${String(message)}`));
    client.connection.send("one");
    expect(heard).toEqual([]);
    await settled();
    expect(heard).toEqual(["peer one", "one"]);
    expect(client.calls).toEqual([["message", "re: one", 7]]);
    undo();
    undoPeer();
    client.connection.send("two");
    await settled();
    expect(heard).toHaveLength(2);
    expect(server.peer.received).toEqual(["one", "two"]);
  });
});

describe("the server's end of a connection", () => {
  test("delivers at once where the client is in no callback, else right after it", async () => {
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

  test("takes the messages received one by one", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    const waiting = [peer.next(), peer.next()];
    for (const message of ["a", "b", "c"]) client.connection.send(message);
    expect(await Promise.all(waiting)).toEqual(["a", "b"]);
    expect(await peer.next()).toBe("c");
    const none = peer.next();
    client.connection.terminate();
    await expect(none).rejects.toThrow("The connection ended without another message");
    await expect(peer.next()).rejects.toThrow("without another message");
  });

  test("holds back while the client is paused, the end included", async () => {
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

  test("gets nothing of what a paused client sends after a drop", async () => {
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

  test("goes on after a callback that throws", async () => {
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

  test("answers pings unless told not to", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.connection.ping!(Uint8Array.of(1));
    expect(client.calls).toEqual([]);
    await settled();
    expect(client.calls).toEqual([["pong", Uint8Array.of(1)]]);
    server.peer.answersPings = false;
    client.connection.ping!();
    await settled();
    expect(client.calls).toHaveLength(1);
    expect(server.peer.pings).toEqual([Uint8Array.of(1), new Uint8Array()]);
    server.peer.pong();
    expect(client.calls[1]).toEqual(["pong", new Uint8Array()]);
    expect(() => client.connection.ping!(new Uint8Array(126))).toThrow(
      new RangeError("A ping takes at most 125 bytes, not 126"),
    );
  });

  test("pings, which is activity and is answered", async () => {
    const server = memoryServer();
    const client = await opened(server);
    server.peer.ping(Uint8Array.of(9));
    server.peer.ping();
    expect(client.calls).toEqual([["activity"], ["activity"]]);
    expect(server.peer.pongs).toEqual([Uint8Array.of(9), new Uint8Array()]);
  });

  test("answers the close frame unless told not to", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    peer.answersClose = false;
    peer.answerClose();
    client.connection.close(4001, "bye");
    expect(peer.closeFrame).toEqual({ code: 4001, reason: "bye" });
    peer.send("still coming");
    await settled();
    expect(client.calls).toEqual([["message", "still coming", 12]]);
    expect(() => client.connection.send("late")).toThrow(
      "The message was not taken: the connection is closing",
    );
    client.connection.ping!();
    client.connection.close(4002, "again");
    expect(peer.closeFrame).toMatchObject({ code: 4001 });
    expect(peer.pings).toEqual([]);
    peer.answerClose();
    peer.answerClose();
    expect(client.calls.slice(1)).toEqual([
      ["close", { code: 4001, reason: "bye", wasClean: true }],
    ]);
  });

  test("closes and drops once, then does nothing any more", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    const { ended } = peer;
    peer.close();
    expect(peer.isOpen).toBe(false);
    await ended;
    peer.close(1000);
    peer.drop();
    peer.ping();
    peer.pong();
    peer.drain();
    expect(peer.send("late")).toBe(false);
    await settled();
    expect(client.calls).toEqual([["close", { code: 1005, reason: "", wasClean: true }]]);
    await peer.ended;
  });

  test("half-open hears nothing and is heard by nobody", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    peer.halfOpen();
    expect(peer.send("lost")).toBe(true);
    peer.ping();
    client.connection.send("lost");
    client.connection.ping!();
    client.connection.close(1000, "");
    peer.drop();
    await settled();
    expect(client.calls).toEqual([]);
    expect(client.connection.bufferedAmount).toBe(0);
    expect(peer.received).toEqual([]);
    expect(server.live).toBe(1);
    client.connection.terminate();
    await settled();
    expect(client.calls).toEqual([["close", abnormal]]);
    expect(server.live).toBe(0);
  });

  test("half-open may let bytes pile up", async () => {
    const server = memoryServer();
    const client = await opened(server);
    server.peer.halfOpen({ buffers: true });
    client.connection.send("12345678");
    client.connection.send("12345678");
    server.peer.drain();
    server.peer.slow();
    server.peer.flow();
    expect(client.connection.bufferedAmount).toBe(16);
    client.connection.send("");
    expect(server.peer.received).toEqual([]);
    const flush = client.connection.flush!();
    client.connection.terminate();
    await expect(flush).rejects.toThrow(
      "The connection ended before all was sent: close code 1006",
    );
    await expect(client.connection.flush!()).rejects.toThrow("ended before all was sent");
    expect(client.connection.bufferedAmount).toBe(16);
    expect(client.calls).toEqual([["close", abnormal]]);
  });

  test("slow keeps bytes in the client's buffer and tells when they fall below the mark", async () => {
    const server = memoryServer();
    const client = await opened(server);
    const { peer } = server;
    const { connection } = client;
    peer.slow();
    connection.send("1234");
    peer.drain();
    expect(client.calls).toEqual([]);
    connection.send("12345");
    connection.send("67890");
    connection.send("");
    expect(connection.bufferedAmount).toBe(10);
    expect(peer.received).toEqual(["1234"]);
    let flushed = false;
    const flush = connection.flush!().then(() => (flushed = true));
    peer.drain(0);
    expect(client.calls).toEqual([]);
    peer.drain(4);
    expect(connection.bufferedAmount).toBe(6);
    expect(client.calls).toEqual([["drain"]]);
    expect(peer.received).toEqual(["1234"]);
    peer.drain(1);
    expect(peer.received).toEqual(["1234", "12345"]);
    await settled();
    expect(flushed).toBe(false);
    peer.flow();
    connection.send("at once");
    expect(peer.received).toEqual(["1234", "12345", "67890", "", "at once"]);
    await flush;
    expect(client.calls).toEqual([["drain"]]);
  });

  test("slow sees a close frame behind what is buffered", async () => {
    const server = memoryServer();
    const client = await opened(server);
    server.peer.slow();
    client.connection.send("first");
    client.connection.close(1000, "");
    await settled();
    expect(server.peer.closeFrame).toBeNull();
    server.peer.drain();
    await settled();
    expect(server.peer.received).toEqual(["first"]);
    expect(client.calls).toEqual([["close", { code: 1000, reason: "", wasClean: true }]]);
  });

  test("drains inside a callback: told after it, and not after the end", async () => {
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

  test("may call the listener out of turn", async () => {
    const server = memoryServer();
    const client = await opened(server);
    client.connection.terminate();
    await settled();
    server.peer.listener.onMessage("out of turn");
    server.peer.listener.onClose(abnormal);
    expect(client.calls).toEqual([
      ["close", abnormal],
      ["message", "out of turn"],
      ["close", abnormal],
    ]);
  });
});

test("capabilities that are switched off are absent", () => {
  const { connection } = dial(memoryServer(), {}, { ping: false, pause: false, flush: false });
  expect(connection.ping).toBeUndefined();
  expect(connection.pause).toBeUndefined();
  expect(connection.resume).toBeUndefined();
  expect(connection.flush).toBeUndefined();
});

test("seeded numbers repeat", () => {
  const [first, second] = [seededRandom(7), seededRandom(7)];
  expect([first(), first()]).toEqual([second(), second()]);
});
