import { describe, expect, test, vi } from "vitest";
import { memoryServer } from "./index.ts";
import { abnormal, dial, settled } from "./test-kit.ts";

describe("a dial", () => {
  test("tells what it asks for", () => {
    const server = memoryServer();
    server.onDial(() => {});
    dial(server, { url: "wss://other.test/feed?a=b", protocols: ["a", "b"], attempt: 3 });
    expect(server.dials).toMatchObject([
      { url: "wss://other.test/feed?a=b", protocols: ["a", "b"], attempt: 3, state: "waiting" },
    ]);
  });

  test("accepted tells the client what the server chose, at the earliest when connect has returned", async () => {
    const server = memoryServer();
    server.script(
      (it) => it.accept(),
      (it) => it.accept({ protocol: "b", extensions: "permessage-deflate" }),
      (it) => it.accept({ protocol: "" }),
    );
    const clients = Array.from({ length: 3 }, () => dial(server, { protocols: ["a", "b"] }));
    expect(clients.flatMap(({ calls }) => calls)).toEqual([]);
    await settled();
    expect(clients.map(({ calls }) => calls)).toEqual([
      [["open", { protocol: "a", extensions: "" }]],
      [["open", { protocol: "b", extensions: "permessage-deflate" }]],
      [["open", { protocol: "", extensions: "" }]],
    ]);
    expect(server.dials.map(({ state }) => state)).toEqual(["accepted", "accepted", "accepted"]);
  });

  test("refused tells the client the HTTP status, and when to try again", async () => {
    const server = memoryServer();
    server.script(
      (it) => it.refuse(503, { retryAfter: 2_000 }),
      (it) => it.refuse(404),
    );
    const clients = Array.from({ length: 2 }, () => dial(server, { url: `${server.url}?token=t` }));
    await settled();
    const message = "Connecting to ws://server.test/?token=*** failed: HTTP status";
    const phase = "upgrade";
    expect(clients.map(({ calls }) => calls)).toMatchObject([
      [
        [
          "close",
          {
            ...abnormal,
            error: {
              message: `${message} 503`,
              phase,
              status: 503,
              retryAfter: 2_000,
              retryable: true,
            },
          },
        ],
      ],
      [
        [
          "close",
          {
            ...abnormal,
            error: { message: `${message} 404`, phase, status: 404, retryable: false },
          },
        ],
      ],
    ]);
    expect(server.dials.map(({ state }) => state)).toEqual(["failed", "failed"]);
  });

  test("failed tells the client what is known, and that a retry may help unless told otherwise", async () => {
    const server = memoryServer();
    server.script(
      (it) => it.fail("tls", { retryable: false, message: "no", cause: "why" }),
      (it) => it.fail("tls"),
    );
    const clients = Array.from({ length: 2 }, () => dial(server));
    await settled();
    const message = "Connecting to ws://server.test/ failed: ";
    expect(clients.map(({ calls }) => calls)).toMatchObject([
      [
        [
          "close",
          { error: { message: `${message}no`, phase: "tls", retryable: false, cause: "why" } },
        ],
      ],
      [["close", { error: { message: `${message}the TLS handshake failed`, retryable: true } }]],
    ]);
    const [, close] = clients[1]!.calls[0] as [string, { readonly error: Error }];
    expect(close.error).not.toHaveProperty("cause");
    expect(server.dials.map(({ state }) => state)).toEqual(["failed", "failed"]);
  });

  test.each([
    ["dns", "the host was not found"],
    ["tcp", "the connection was refused"],
    ["upgrade", "the opening handshake failed"],
    ["unknown", "it failed"],
  ] as const)("that fails in %s says what was dialed, without its secrets", async (phase, what) => {
    const server = memoryServer();
    server.script((it) => it.fail(phase));
    const client = dial(server, { url: "wss://me:secret@server.test:8443/feed?token=secret" });
    await settled();
    const message = `Connecting to wss://***@server.test:8443/feed?token=*** failed: ${what}`;
    expect(client.calls).toMatchObject([["close", { error: { message } }]]);
  });

  test("that failed does not tell why where the transport cannot know", async () => {
    const server = memoryServer();
    server.script(
      (it) => it.refuse(503),
      (it) => it.fail("dns"),
    );
    const clients = Array.from({ length: 2 }, () => dial(server, {}, { errors: false }));
    await settled();
    for (const { calls } of clients) expect(calls).toEqual([["close", abnormal]]);
  });

  test("waits until it is answered", async () => {
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

  test("is answered once", () => {
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

  test("that was aborted before it began reaches no server", async () => {
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

  test("given up while its answer is under way stays given up", async () => {
    const server = memoryServer();
    const client = dial(server);
    client.connection.terminate();
    await settled();
    expect(client.calls).toEqual([["close", abnormal]]);
    expect(server.peer.isOpen).toBe(false);
  });

  test("aborted while its answer is under way never opens", async () => {
    const server = memoryServer();
    const client = dial(server);
    client.abort("just now");
    await settled();
    expect(client.calls).toMatchObject([["close", { error: { cause: "just now" } }]]);
  });

  test("leaves no listener on the request's signal when it is over", async () => {
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
});
