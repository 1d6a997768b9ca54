import { describe, expect, test } from "vitest";
import { ConnectionLostError, SendTimeoutError } from "./index.ts";
import type { Handshake } from "./index.ts";
import { every, rig, slowHook, watch } from "./test-kit.ts";

describe("Across outages", () => {
  test("what was handed to the transport is never sent again, and its bytes are told", async () => {
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)] });
    const peer = await connected();
    peer.slow();
    client.send("lost?");
    peer.drop();
    await clock.settle();
    expect(told("disconnected")[0]!.bufferedAmount).toBe(5);
    client.send("later");
    await clock.advance(10);
    expect(server.peers[1]!.received).toEqual(["later"]);
  });

  test("order holds, whatever was queued when", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)], highWaterMark: 1 });
    const peer = await connected();
    for (const message of ["a", "b"]) client.send(message);
    peer.slow();
    for (const message of ["c", "d", "e"]) client.send(message);
    peer.drop();
    await clock.settle();
    client.send("f");
    await clock.advance(10);
    client.send("g");
    expect([peer.received, server.peer.received]).toEqual([
      ["a", "b"],
      ["d", "e", "f", "g"],
    ]);
  });
});

describe("flush()", () => {
  test("resolves at once when there is nothing to wait for", async () => {
    const { client, clock, connected } = rig();
    await client.flush();
    await connected();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("waits until what was accepted before is on the network", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 2 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    client.send("queued");
    const outcome = watch(client.flush());
    peer.drain(1);
    await clock.settle();
    expect(client.snapshot().queued).toBe(0);
    expect(outcome.status).toBe("pending");
    peer.drain();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("does not wait for what is accepted later", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    const outcome = watch(client.flush());
    client.send("c");
    peer.drain(1);
    await clock.settle();
    expect(outcome.status).toBe("pending");
    peer.drain(1);
    await clock.settle();
    expect(outcome.status).toBe("resolved");
    expect(client.bufferedAmount).toBe(1);
  });

  test.each([true, false])(
    "resolves under steady traffic (transport's own flush: %s)",
    async (flush) => {
      const { client, clock, connected } = rig({ transport: { flush } });
      const peer = await connected();
      peer.slow();
      client.send("ab");
      const outcome = watch(client.flush());
      client.send("cd");
      peer.drain(1);
      client.send("e");
      await clock.advance(100);
      expect(outcome.status).toBe("pending");
      peer.drain(1);
      client.send("f");
      await clock.advance(100);
      expect(outcome.status).toBe("resolved");
      expect(client.bufferedAmount).toBeGreaterThan(0);
    },
  );

  test("waits for the next connection when the message is still in the queue", async () => {
    const { client, clock, connected } = rig();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    expect(outcome.status).toBe("pending");
    await connected();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("rejects if the connection ends with bytes buffered, queued messages or not", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    const buffered = watch(client.flush());
    client.send("b");
    const queued = watch(client.flush());
    peer.drop();
    await clock.settle();
    expect(buffered.error).toBeInstanceOf(ConnectionLostError);
    expect(queued.error).toBeInstanceOf(ConnectionLostError);
    expect(client.snapshot().queued).toBe(1);
  });

  test("waits on if the connection ends with nothing buffered but the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook, every(10)] });
    const peer = await connected();
    client.send("a");
    const outcome = watch(client.flush());
    peer.drop();
    await clock.advance(10);
    expect(outcome.status).toBe("pending");
    hook.answer();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("does not mind a handshake's bytes that are lost", async () => {
    const hello: Handshake = {
      name: "hello",
      handshake: async (session) => {
        session.send("hello");
        await session.receive();
      },
    };
    const { client, clock, server } = rig({ plugins: [hello, every(10)] });
    client.send("a");
    const outcome = watch(client.flush());
    server.script((dial) => dial.accept().slow());
    void client.connect();
    await clock.settle();
    server.drop();
    await clock.settle();
    expect(outcome.status).toBe("pending");
  });

  test("rejects after its timeout and on an abort", async () => {
    const { client, clock } = rig();
    client.send("a");
    const late = watch(client.flush({ timeout: 10 }));
    const controller = new AbortController();
    const aborted = watch(client.flush({ signal: controller.signal }));
    controller.abort("enough");
    await clock.advance(10);
    expect(late.error).toEqual(new SendTimeoutError("Not on the network within 10 ms"));
    expect(aborted.error).toBe("enough");
    await expect(client.flush({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
    expect(clock.pending).toBe(0);
  });

  test("rejects when the client is closed with the message unsent", async () => {
    const { client, clock } = rig();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    await client.close();
    await clock.settle();
    expect((outcome.error as Error).name).toBe("ClientClosedError");
  });
});
