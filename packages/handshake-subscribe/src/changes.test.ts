import { createClient } from "@stream-tungstenite/core";
import { memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import { rig, watch } from "rig";
import { describe, expect, test } from "vitest";
import { subscribe } from "./index.ts";
import { asked, confirmed, gone, left } from "./testing/protocol.ts";

describe("add", () => {
  test("subscribes at once, before what the application sends next", async () => {
    const feeds = subscribe(["a"], { batchSize: 1 });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    const adding = watch(feeds.add(["b", "c"]));
    client.send("after");
    expect(peer.received.slice(1)).toEqual([asked("b"), asked("c"), "after"]);
    await clock.settle();
    expect(adding.status).toBe("resolved");
    expect(feeds.channels).toEqual(["a", "b", "c"]);
    void client.close();
  });

  test("calls in a row are not overtaken either", async () => {
    const feeds = subscribe([]);
    const { client, connected } = rig([feeds]);
    const peer = await connected();
    void feeds.add(["a"]);
    void feeds.add(["b"]);
    client.send("after");
    void feeds.remove(["a"]);
    client.send("last");
    expect(peer.received).toEqual([asked("a"), asked("b"), "after", left("a"), "last"]);
    void client.close();
  });

  test("resolves with the confirmation of all its channels", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, messages, connected } = rig([feeds]);
    const peer = await connected();
    const adding = watch(feeds.add(["a", "b"]));
    peer.send(confirmed("a"));
    peer.send("news");
    await clock.settle();
    expect(adding.status).toBe("pending");
    peer.send(confirmed("b"));
    await clock.settle();
    expect(adding.status).toBe("resolved");
    expect(messages).toEqual(["news"]);
    void client.close();
  });

  test("of what is subscribed resolves at once, of what is asked for with that", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    const early = watch(feeds.add(["a"]));
    await clock.settle();
    expect(early.status).toBe("pending");
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(early.status).toBe("resolved");
    const late = watch(feeds.add(["a"]));
    const other = watch(feeds.add(["b"]));
    const same = watch(feeds.add(["b"]));
    await clock.settle();
    expect([late.status, other.status, same.status]).toEqual(["resolved", "pending", "pending"]);
    server.peer.send(confirmed("b"));
    await clock.settle();
    expect([other.status, same.status]).toEqual(["resolved", "resolved"]);
    expect(server.peer.received).toEqual([asked("a"), asked("b")]);
    void client.close();
  });

  test("while disconnected takes effect on the next connection, and resolves there", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    const first = watch(feeds.add(["b"]));
    await started();
    expect(first.status).toBe("pending");
    server.peer.send(confirmed("a", "b"));
    await clock.settle();
    expect(first.status).toBe("resolved");
    server.drop();
    await clock.settle();
    const second = watch(feeds.add(["c"]));
    const known = watch(feeds.add(["a"]));
    await clock.advance(1000);
    expect(server.peer.received).toEqual([asked("a", "b", "c")]);
    expect([second.status, known.status]).toEqual(["pending", "pending"]);
    server.peer.send(confirmed());
    server.peer.send(confirmed("a", "b", "c"));
    await clock.settle();
    expect([second.status, known.status]).toEqual(["resolved", "resolved"]);
    void client.close();
  });

  test("survives the loss of the connection that was asked", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, server, client, errors, connected } = rig([feeds]);
    await connected();
    const adding = watch(feeds.add(["a"]));
    server.drop();
    await clock.advance(1000);
    expect(adding.status).toBe("pending");
    expect(server.peer.received).toEqual([asked("a")]);
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(adding.status).toBe("resolved");
    expect(client.isConnected).toBe(true);
    expect(errors).toEqual([]);
    void client.close();
  });

  test("during the handshake is part of it", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    void feeds.add(["b"]);
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(client.isConnected).toBe(false);
    expect(server.peer.received).toEqual([asked("a"), asked("b")]);
    server.peer.send(confirmed("b"));
    await clock.settle();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("during a later handshake takes effect when that is done", async () => {
    let pass!: () => void;
    const feeds = subscribe(["a"]);
    const { clock, server, client, started } = rig([
      feeds,
      { name: "later", handshake: () => new Promise<void>((resolve) => (pass = resolve)) },
    ]);
    await started();
    const adding = watch(feeds.add(["b"]));
    const removing = watch(feeds.remove(["a"]));
    await clock.settle();
    expect([adding.status, removing.status]).toEqual(["pending", "pending"]);
    pass();
    await clock.settle();
    expect(server.peer.received).toEqual([asked("a"), left("a"), asked("b")]);
    expect([adding.status, removing.status]).toEqual(["resolved", "resolved"]);
    void client.close();
  });

  test("during an earlier handshake is seen to by this one", async () => {
    let pass!: () => void;
    const feeds = subscribe(["a"]);
    const { clock, server, client, started } = rig([
      { name: "earlier", handshake: () => new Promise<void>((resolve) => (pass = resolve)) },
      feeds,
    ]);
    await started();
    const again = watch(feeds.add(["a"]));
    void feeds.add(["b"]);
    await clock.settle();
    expect(again.status).toBe("pending");
    pass();
    await clock.settle();
    expect(server.peer.received).toEqual([asked("a", "b")]);
    expect(again.status).toBe("resolved");
    void client.close();
  });

  test("rejects when the client closes, and afterwards", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, connected } = rig([feeds]);
    await connected();
    const pending = watch(feeds.add(["a"]));
    void client.close();
    await clock.settle();
    expect(pending.error).toMatchObject({ code: "CLIENT_CLOSED" });
    const late = watch(feeds.add(["b"]));
    const removal = watch(feeds.remove(["a"]));
    await clock.settle();
    expect(late.error).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(removal.status).toBe("resolved");
    expect(feeds.channels).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("rejects when the client gives up", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    const pending = watch(feeds.add(["a"]));
    peer.close(1008);
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(pending.error).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(feeds.channels).toEqual(["a"]);
  });
});

describe("remove", () => {
  test("unsubscribes on the live connection, and for ever", async () => {
    const feeds = subscribe(["a", "b", "c"]);
    const { clock, server, client, connected } = rig([feeds]);
    await connected();
    const removing = watch(feeds.remove(["b", "x"]));
    expect(server.peer.received).toEqual([asked("a", "b", "c"), left("b")]);
    await clock.settle();
    expect(removing.status).toBe("resolved");
    expect(feeds.channels).toEqual(["a", "c"]);
    server.drop();
    await clock.advance(1000);
    expect(server.peer.received).toEqual([asked("a", "c")]);
    void client.close();
  });

  test("resolves with the confirmation", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, messages, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed());
    server.peer.send(confirmed("a"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    const again = watch(feeds.remove(["a"]));
    server.peer.send(gone("b"));
    await clock.settle();
    expect([removing.status, again.status]).toEqual(["pending", "pending"]);
    server.peer.send(gone("a"));
    await clock.settle();
    expect([removing.status, again.status]).toEqual(["resolved", "resolved"]);
    expect(messages).toEqual([]);
    void client.close();
  });

  test("waits for no confirmation where none comes", async () => {
    const feeds = subscribe(["a"], { confirm: true, confirmUnsubscribe: false });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    await clock.settle();
    expect(removing.status).toBe("resolved");
    expect(server.peer.received).toEqual([asked("a"), left("a")]);
    void client.close();
  });

  test("while disconnected is done at once", async () => {
    const feeds = subscribe(["a", "b"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    const early = watch(feeds.remove(["b"]));
    await clock.settle();
    expect(early.status).toBe("resolved");
    await started();
    expect(server.peer.received).toEqual([asked("a")]);
    server.peer.send(confirmed());
    server.drop();
    await clock.settle();
    await feeds.remove(["a"]);
    await clock.advance(1000);
    expect(server.peers).toHaveLength(2);
    expect(server.peer.received).toEqual([]);
    void client.close();
  });

  test("is done when the connection is lost", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    server.drop();
    await clock.settle();
    expect(removing.status).toBe("resolved");
    void client.close();
  });

  test("of what is being added takes it back as soon as the server has it", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    const adding = watch(feeds.add(["a"]));
    const removing = watch(feeds.remove(["a"]));
    await clock.settle();
    expect(adding.error).toMatchObject({ code: "HANDSHAKE", message: "'a' was removed" });
    expect(removing.status).toBe("pending");
    expect(peer.received).toEqual([asked("a")]);
    peer.send(confirmed("a"));
    await clock.settle();
    expect(peer.received).toEqual([asked("a"), left("a")]);
    expect(removing.status).toBe("pending");
    peer.send(gone("a"));
    await clock.settle();
    expect(removing.status).toBe("resolved");
    void client.close();
  });

  test("of what has not been asked for yet sends nothing", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    void feeds.add(["a"]);
    const adding = watch(feeds.add(["b"]));
    const removing = watch(feeds.remove(["b"]));
    peer.send(confirmed("a"));
    await clock.settle();
    expect(peer.received).toEqual([asked("a")]);
    expect([adding.status, removing.status]).toEqual(["rejected", "resolved"]);
    void client.close();
  });

  test("and add again: the last word counts", async () => {
    const feeds = subscribe(["a", "b"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a", "b"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    const adding = watch(feeds.add(["a"]));
    await clock.settle();
    expect(removing.status).toBe("resolved");
    expect(adding.status).toBe("pending");
    server.peer.send(gone("a"));
    await clock.settle();
    expect(server.peer.received).toEqual([asked("a", "b"), left("a"), asked("a")]);
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(adding.status).toBe("resolved");
    expect(feeds.channels).toEqual(["b", "a"]);
    server.drop();
    await clock.advance(1000);
    expect(server.peer.received).toEqual([asked("b", "a")]);
    void client.close();
  });
});

test("promises may be ignored without an unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  void subscribe([]).add([""]);
  void subscribe([]).remove([""]);
  // Node tells of unhandled rejections when its microtasks are done, before the next macrotask.
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener("message", () => resolve(port2.close()));
    port2.start();
    port1.postMessage(null);
  });
  process.off("unhandledRejection", listener);
  expect(unhandled).toEqual([]);
});

test("one serves one client at a time, and then another from the beginning", async () => {
  const feeds = subscribe(["a"]);
  const { clock, client, connected } = rig([feeds]);
  const server = memoryServer();
  const make = () =>
    createClient({ url: server.url, plugins: [memoryTransport(server), feeds], clock });
  await connected();
  expect(make).toThrow("'subscribe' serves another client");
  void client.close();
  await clock.settle();
  const second = make();
  void second.connect();
  await clock.settle();
  expect(server.peer.received).toEqual([asked("a")]);
  await feeds.add(["b"]);
  expect(server.peer.received).toEqual([asked("a"), asked("b")]);
  void second.close();
  await clock.settle();
});
