import { describe, expect, test } from "vitest";
import { memoryServer } from "./index.ts";
import type { MemoryServer } from "./index.ts";
import { abnormal, dial, opened, settled } from "./test-kit.ts";

describe("a dial", () => {
  test("is accepted without a word", async () => {
    const server = memoryServer();
    const client = dial(server);
    await settled();
    expect(client.calls).toMatchObject([["open", {}]]);
    expect(server.dials).toMatchObject([{ url: "ws://server.test/", state: "accepted" }]);
  });

  test("is answered by the script, one step each, then by onDial, then accepted", async () => {
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

  test("is answered by the onDial that came last, until that is undone", () => {
    const server = memoryServer();
    const undo = server.onDial(() => {});
    const undoLast = server.onDial((it) => it.refuse(503));
    undo();
    dial(server);
    undoLast();
    dial(server);
    expect(server.dials.map(({ state }) => state)).toEqual(["failed", "accepted"]);
  });

  test("that was aborted before it began takes no step of the script", () => {
    const server = memoryServer();
    server.script((it) => it.refuse(500));
    dial(server, { signal: AbortSignal.abort() });
    dial(server);
    expect(server.dials.map(({ state }) => state)).toEqual(["gone", "failed"]);
    expect([server.live, server.maxLive]).toEqual([0, 1]);
  });

  test("goes to a server of this module only", () => {
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
    dial(server);
    expect([server.live, server.maxLive]).toEqual([1, 2]);
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

  test("gives every connection once, in order, to those who wait and to those who come later", async () => {
    const server = memoryServer();
    const waiting = [server.nextPeer(), server.nextPeer()];
    for (let dials = 0; dials < 3; dials++) dial(server);
    expect(await Promise.all(waiting)).toEqual(server.peers.slice(0, 2));
    expect(await server.nextPeer()).toBe(server.peers[2]);
    const later = server.nextPeer();
    dial(server);
    expect(await later).toBe(server.peers[3]);
  });

  test("drops every connection at once, and takes new ones", async () => {
    const server = memoryServer();
    const clients = [await opened(server), await opened(server)];
    server.drop();
    await settled();
    for (const { calls } of clients) expect(calls).toEqual([["close", abnormal]]);
    await opened(server);
    expect(server.live).toBe(1);
  });
});
