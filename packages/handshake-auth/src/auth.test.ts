import { ConnectionLostError, createClient } from "@stream-tungstenite/core";
import type { Handshake, Plugin } from "@stream-tungstenite/core";
import { MessageChannel } from "node:worker_threads";
import { memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import { rig, watch } from "rig";
import { describe, expect, expectTypeOf, test } from "vitest";
import { auth } from "./index.ts";
import type { Auth, AuthOptions } from "./index.ts";

const reply: AuthOptions["reply"] = {
  accept: (message) => message === "ok",
  reject: (message) => message === "no",
};

test("the types are those of a handshake with a handle", () => {
  expectTypeOf<Auth>().toExtend<Handshake>();
  expectTypeOf(auth("t")).toEqualTypeOf<Auth>();
  expectTypeOf(auth("t").refresh()).toEqualTypeOf<Promise<boolean>>();
  auth(async ({ attempt, signal }) => `${attempt}${String(signal.aborted)}`);
  // @ts-expect-error -- a token is needed
  expect(() => auth()).toThrow("token");
  // @ts-expect-error -- a promise is no token, a function that returns one is
  expect(() => auth(Promise.resolve("t"))).toThrow("token");
  // @ts-expect-error -- false is the absence of a reply
  expect(() => auth("t", { reply: false })).toThrow("reply");
  // @ts-expect-error -- an answer would be accepted whatever the promise holds
  auth("t", { reply: { accept: async () => true } });
});

test("nothing of the application overtakes the token", async () => {
  const { clock, server, client, started } = rig([auth(async () => "t", { reply })]);
  client.send("early");
  await started();
  expect(server.peer.received).toEqual(["t"]);
  server.peer.send("ok");
  await clock.settle();
  expect(server.peer.received).toEqual(["t", "early"]);
  void client.close();
});

test("the token passes the onSend of other plugins, answers their onMessage", async () => {
  const codec: Plugin = {
    name: "codec",
    onSend: (message) => `<${String(message)}>`,
    onMessage: (message) => String(message).slice(1, -1),
  };
  const { clock, server, client, started } = rig([auth("t", { reply }), codec]);
  await started();
  expect(server.peer.received).toEqual(["<t>"]);
  server.peer.send("<ok>");
  await clock.settle();
  expect(client.isConnected).toBe(true);
  void client.close();
});

test("one serves one client at a time", () => {
  const server = memoryServer();
  const shared = auth("t");
  const make = () => createClient({ url: server.url, plugins: [memoryTransport(server), shared] });
  const first = make();
  expect(make).toThrow("'auth' serves another client");
  void first.close();
  expect(make).not.toThrow();
});

describe("refresh", () => {
  test("authenticates again on the live connection with a fresh token", async () => {
    let count = 0;
    const login = auth(() => `t${++count}`, { reply });
    const { clock, server, client, messages, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const refreshed = watch(login.refresh());
    await clock.settle();
    expect(refreshed.status).toBe("pending");
    server.peer.send("news");
    server.peer.send("ok");
    await clock.settle();
    expect(refreshed.value).toBe(true);
    expect(messages).toEqual(["news"]);
    expect(server.peers.map((peer) => peer.received)).toEqual([["t1", "t2"]]);
    void client.close();
  });

  test("is done when sent where no answer is expected", async () => {
    const login = auth("t");
    const { clock, client, connected } = rig([login]);
    const peer = await connected();
    const refreshed = watch(login.refresh());
    await clock.settle();
    expect(refreshed.value).toBe(true);
    expect(peer.received).toEqual(["t", "t"]);
    void client.close();
  });

  test("tells a refusal, and leaves the connection alone", async () => {
    const login = auth(() => "t", { reply });
    const { clock, server, client, errors, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const refreshed = watch(login.refresh());
    await clock.settle();
    server.peer.send("no");
    await clock.settle();
    expect(refreshed.value).toBe(false);
    expect(client.isConnected).toBe(true);
    expect(errors).toEqual([]);
    void client.close();
  });

  test("tells a refusal by close, after which a fresh token is tried on a new connection", async () => {
    const login = auth(() => "t", { reply });
    const { clock, server, client, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const refreshed = watch(login.refresh());
    await clock.settle();
    server.peer.close(4401);
    await clock.settle();
    expect(refreshed).toMatchObject({ status: "resolved", value: false });
    expect(client.state.status).toBe("waiting");
    void client.close();
  });

  test("rejects when the connection is lost otherwise", async () => {
    const login = auth("t", { reply });
    const { clock, server, client, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const refreshed = watch(login.refresh());
    await clock.settle();
    server.drop();
    await clock.settle();
    expect(refreshed.error).toBeInstanceOf(ConnectionLostError);
    void client.close();
  });

  test("rejects without an answer in time, and without a token; the next one is a new one", async () => {
    let fails = false;
    const login = auth(
      () => {
        if (fails) throw new Error("down");
        return "t";
      },
      { reply, timeout: 300 },
    );
    const { clock, server, client, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const late = watch(login.refresh());
    await clock.advance(300);
    expect(late.error).toMatchObject({ message: "Handshake 'auth' timed out after 300 ms" });
    fails = true;
    const failed = watch(login.refresh());
    await clock.settle();
    expect(failed.error).toMatchObject({ code: "TOKEN", step: "auth" });
    fails = false;
    const good = watch(login.refresh());
    await clock.settle();
    server.peer.send("ok");
    await clock.settle();
    expect(good.value).toBe(true);
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("is shared until the token is asked for; later calls follow it", async () => {
    let count = 0;
    const login = auth(() => `t${++count}`, { reply });
    const { clock, server, client, started } = rig([login]);
    await started();
    server.peer.send("ok");
    await clock.settle();
    const first = login.refresh();
    expect(login.refresh()).toBe(first);
    await clock.settle();
    const later = login.refresh();
    expect(later).not.toBe(first);
    expect(login.refresh()).toBe(later);
    const outcomes = [watch(first), watch(later)];
    await clock.settle();
    expect(server.peer.received).toEqual(["t1", "t2"]);
    server.peer.send("no");
    await clock.settle();
    expect(outcomes[0]!.value).toBe(false);
    expect(server.peer.received).toEqual(["t1", "t2", "t3"]);
    server.peer.send("ok");
    await clock.settle();
    expect(outcomes[1]!.value).toBe(true);
    void client.close();
  });

  test("without a connection is the next connection's handshake", async () => {
    const login = auth("t", { reply });
    const { clock, server, client, started } = rig([login]);
    server.onMessage((_, peer) => peer.send("ok"));
    await started();
    server.drop();
    await clock.settle();
    const refreshed = watch(login.refresh());
    await clock.settle();
    expect(refreshed.status).toBe("pending");
    await clock.advance(1000);
    expect(refreshed.value).toBe(true);
    expect(server.peer.received).toEqual(["t"]);
    void client.close();
  });

  test("in a handshake that has its token already comes after it", async () => {
    const login = auth("t", { reply });
    const { clock, server, client, started } = rig([login]);
    await started();
    const refreshed = watch(login.refresh());
    server.onMessage((_, peer) => peer.send("ok"));
    server.peer.send("ok");
    await clock.settle();
    expect(refreshed.value).toBe(true);
    expect(server.peer.received).toEqual(["t", "t"]);
    void client.close();
  });

  test("rejects before the first connection and after the last", async () => {
    const login = auth("t");
    const { clock, client, connected } = rig([login]);
    const early = watch(login.refresh());
    await clock.settle();
    expect(early.error).toMatchObject({ code: "NOT_CONNECTED" });
    await connected();
    const meant = watch(login.refresh());
    await clock.settle();
    expect(meant.value).toBe(true);
    void client.close();
    await clock.settle();
    const closed = watch(login.refresh());
    await clock.settle();
    expect(closed.error).toMatchObject({ code: "CLIENT_CLOSED" });
  });

  test("may be ignored without an unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    void auth("t").refresh();
    // Node tells of unhandled rejections when its microtasks are done, before the next macrotask.
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port2.once("message", () => resolve(port2.close()));
      port1.postMessage(null);
    });
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });
});
