import { describe, expect, test } from "vitest";
import { MessageDroppedError, NotConnectedError } from "./index.ts";
import type { Extension } from "./index.ts";
import { noRetry, rig, slowHook, watch } from "./test-kit.ts";

describe("While the connection closes", () => {
  test("sending waits for the next one and leaves the closing handshake alone", async () => {
    const { client, clock, connected, server } = rig();
    const peer = await connected();
    const leaving = watch(client.disconnect());
    expect(client.send("a")).toBe("queued");
    const outcome = watch(client.sendAsync("b"));
    await clock.settle();
    expect(leaving.status).toBe("resolved");
    expect(peer.closeFrame).toEqual({ code: 1000, reason: "" });
    await connected();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
    expect(server.peer.received).toEqual(["a", "b"]);
  });

  test("under 'reject' it is refused", async () => {
    const { client, connected } = rig({ sendQueue: { whileDisconnected: "reject" } });
    await connected();
    void client.disconnect();
    expect(() => client.send("a")).toThrow(NotConnectedError);
  });
});

describe("Closing", () => {
  test("raises `dropped` for what is left, messages with a hook and waiting ones too", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({
      plugins: [hook],
      sendQueue: { capacity: 1 },
      closeTimeout: 50,
    });
    await connected();
    client.send("hook's");
    client.send("queued");
    const waiting = watch(client.sendAsync("waiting"));
    await clock.settle();
    const closing = watch(client.close());
    await clock.advance(50);
    expect(told("dropped")).toEqual([
      { messages: ["hook's", "queued", "waiting"], reason: "closed" },
    ]);
    expect(waiting.error).toEqual(new MessageDroppedError("closed"));
    expect(closing.value).toEqual({ wasClean: false, undelivered: 3 });
  });

  test("begins no closing handshake once its time is up", async () => {
    const asked: string[] = [];
    const { client, clock, connected } = rig({
      highWaterMark: 1,
      onConnection: (connection) => (connection.close = () => void asked.push("close")),
    });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    const closing = watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(closing.value).toEqual({ wasClean: false, undelivered: 1 });
    expect(asked).toEqual([]);
  });

  test("begins the closing handshake once", async () => {
    let closes = 0;
    const { client, clock, connected } = rig({
      highWaterMark: 1,
      onConnection(connection) {
        const close = connection.close.bind(connection);
        connection.close = (code, reason) => {
          closes++;
          close(code, reason);
        };
      },
    });
    const peer = await connected();
    peer.slow();
    client.send("a");
    void client.close();
    expect(closes).toBe(1);
    peer.flow();
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(closes).toBe(1);
  });

  test("waits for a hook that has the last message", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    client.send("a");
    const closing = watch(client.close());
    await clock.settle();
    expect(peer.closeFrame).toBeNull();
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual(["a"]);
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("from inside a hook lets its message go first", async () => {
    const hook: Extension = {
      name: "closer",
      onSend: (_message, { client }) => void client.close(),
    };
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    await clock.settle();
    expect(peer.received).toEqual(["a"]);
    expect(client.state.status).toBe("closed");
  });

  test("by giving up drops what is left", async () => {
    const { client, connected, told } = rig({ plugins: [noRetry], highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    peer.drop();
    expect(told("dropped")).toEqual([{ messages: ["b"], reason: "closed" }]);
  });
});
