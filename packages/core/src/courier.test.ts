import { describe, expect, test } from "vitest";
import { ConnectionLostError, DROP } from "./index.ts";
import type { Connection, Extension, Handshake, Message } from "./index.ts";
import { every, insider, rig, slowHook, watch } from "./test-kit.ts";

describe("onSend", () => {
  test("that answers with a promise makes later messages wait their turn", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("queued");
    expect(client.send("b")).toBe("queued");
    expect(hook.seen).toEqual(["a"]);
    expect(client.snapshot().queued).toBe(2);
    expect(client.snapshot().queuedBytes).toBe(2);
    hook.answer("A");
    await clock.settle();
    expect(hook.seen).toEqual(["a", "b"]);
    expect(told("drain")).toEqual([]);
    hook.answer("B");
    await clock.settle();
    expect(peer.received).toEqual(["A", "B"]);
    expect(told("drain")).toEqual([{}]);
  });

  test("runs when the message leaves the queue, on the connection it goes to", async () => {
    const ids: number[] = [];
    const hook: Extension = {
      name: "ids",
      onSend: (_message, { connectionId }) => void ids.push(connectionId),
    };
    const { client, clock, connected, server } = rig({ plugins: [hook, every(10)] });
    client.send("a");
    expect(ids).toEqual([]);
    await connected();
    server.drop();
    await clock.settle();
    client.send("b");
    await clock.advance(10);
    expect(ids).toEqual([1, 2]);
  });

  test("may take the message: it counts as sent", async () => {
    const hook: Extension = { name: "taker", onSend: () => DROP };
    const { client, clock, connected, told } = rig({ plugins: [hook] });
    client.send("queued");
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    await client.sendAsync("b");
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(told("dropped")).toEqual([]);
    expect(client.snapshot().messagesSent).toBe(0);
  });

  test("that sends something itself lets it go behind the message it has", async () => {
    const hook: Extension = {
      name: "echo",
      onSend(message, { client }) {
        if (message === "a") client.send("behind");
      },
    };
    const { client, connected, told } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    expect(peer.received).toEqual(["a", "behind"]);
    expect(told("drain")).toHaveLength(1);
    await client.sendAsync("a");
    expect(peer.received).toEqual(["a", "behind", "a", "behind"]);
  });

  test("that is pending at the loss gives its message back to the front of the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected, server } = rig({ plugins: [hook, every(10)] });
    const peer = await connected();
    client.send("a");
    client.send("b");
    const late = hook.answer;
    peer.drop();
    await clock.advance(10);
    late("late");
    await clock.settle();
    expect(hook.seen).toEqual(["a", "a"]);
    hook.answer();
    await clock.settle();
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(server.peers[1]!.received).toEqual(["a", "b"]);
  });

  test.each([undefined, Promise.resolve()])(
    "that ends the connection leaves its message first in the queue, once (%s)",
    async (answer) => {
      const plugin = insider();
      let fuses = 1;
      const hook: Extension = {
        name: "fuse",
        onSend() {
          if (fuses-- > 0) {
            plugin.context.fail(new Error("blown"));
            return answer;
          }
        },
      };
      const { client, clock, connected, server } = rig({ plugins: [hook, plugin, every(10)] });
      await connected();
      expect(client.send("a")).toBe("queued");
      expect(client.send("b")).toBe("queued");
      await clock.advance(10);
      fuses = 1;
      server.drop();
      void client.sendAsync("c");
      await clock.advance(20);
      server.drop();
      await clock.advance(10);
      expect(server.peers.map(({ received }) => received)).toEqual([[], ["a", "b"], [], ["c"], []]);
    },
  );

  test("counts as what was given, not as what a hook makes of it", async () => {
    const hook: Extension = {
      name: "longer",
      onSend: (message) => `${String(message)}${"x".repeat(99)}`,
    };
    const { client, connected } = rig({ plugins: [hook], sendQueue: { maxBytes: 3 } });
    expect(client.send("abc")).toBe("queued");
    expect(client.snapshot().queuedBytes).toBe(3);
    const peer = await connected();
    expect(peer.received[0]).toHaveLength(102);
    expect(client.snapshot().bytesSent).toBe(102);
  });

  test("for what a handshake sends runs too, and a pending one dies with the connection", async () => {
    const hook = slowHook();
    const hello: Handshake = {
      name: "hello",
      async handshake(session) {
        session.send("hello");
        session.send(`attempt ${session.attempt}`);
      },
    };
    const { client, clock, server } = rig({ plugins: [hook, hello, every(10)] });
    client.send("a");
    void client.connect();
    await clock.settle();
    expect(hook.seen).toEqual(["hello"]);
    server.drop();
    await clock.advance(10);
    for (let n = 0; n < 3; n++) {
      hook.answer();
      await clock.settle();
    }
    expect(server.peers[1]!.received).toEqual(["hello", "attempt 1", "a"]);
  });
});

describe("A transport that refuses", () => {
  test("a message loses the connection, and keeps it first in the queue", async () => {
    const refused = new Error("not taken");
    const { onConnection } = refusing(1, refused);
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)], onConnection });
    await connected();
    expect(client.send("a")).toBe("queued");
    await clock.settle();
    expect(told("disconnected")[0]!.cause).toEqual(
      new ConnectionLostError({ code: 1006, reason: "", wasClean: false, error: refused }),
    );
    client.send("b");
    await clock.advance(10);
    expect(server.peers.map(({ received }) => received)).toEqual([[], ["a", "b"]]);
  });

  test.each([false, true])("one of sendAsync does so too (with a hook: %s)", async (hooked) => {
    const hook: Extension = { name: "hook", ...(hooked ? { onSend: () => {} } : {}) };
    const { onConnection, refused } = refusing(1);
    const { client, clock, connected, server } = rig({ plugins: [every(10), hook], onConnection });
    await connected();
    const outcome = watch(client.sendAsync("a"));
    client.send("b");
    await clock.settle();
    expect(refused).toEqual(["a"]);
    expect(outcome.status).toBe("pending");
    await clock.advance(10);
    expect(outcome.status).toBe("resolved");
    expect(server.peers[1]!.received).toEqual(["a", "b"]);
  });

  test("one of send() that passed a hook does so too, and one of the queue", async () => {
    const hook: Extension = { name: "hook", onSend: (message) => `<${String(message)}>` };
    const { onConnection, refused } = refusing(2);
    const { client, clock, connected, server } = rig({ plugins: [every(10), hook], onConnection });
    await connected();
    expect(client.send("a")).toBe("queued");
    client.send("b");
    await clock.advance(20);
    expect(refused).toEqual(["<a>", "<a>"]);
    expect(server.peers.map(({ received }) => received)).toEqual([[], [], ["<a>", "<b>"]]);
  });

  test("one of a handshake leaves it to the next handshake", async () => {
    const hello: Handshake = { name: "hello", handshake: async (session) => session.send("hello") };
    const { onConnection, refused } = refusing(1);
    const { client, clock, server, told } = rig({ plugins: [every(10), hello], onConnection });
    client.send("a");
    void client.connect();
    await clock.advance(10);
    expect(refused).toEqual(["hello"]);
    expect(told("error")).toHaveLength(1);
    expect(server.peers.map(({ received }) => received)).toEqual([[], ["hello", "a"]]);
  });

  /** Makes the first connections refuse whatever they are to send. */
  function refusing(count: number, error: Error = new Error("not taken")) {
    const refused: Message[] = [];
    let left = count;
    const onConnection = (connection: Connection): void => {
      if (left-- > 0) {
        connection.send = (message) => {
          refused.push(message);
          throw error;
        };
      }
    };
    return { onConnection, refused };
  }
});

describe("While the connection closes", () => {
  test("a message that a hook has goes back to the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    peer.answersClose = false;
    client.send("a");
    void client.disconnect();
    hook.answer();
    await clock.settle();
    expect(client.state.status).toBe("closing");
    peer.answerClose();
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(client.snapshot().queued).toBe(1);
  });

  test("a hook that disconnects keeps its message for the next connection", async () => {
    const hook: Extension = {
      name: "leaver",
      onSend: (_message, context) => void context.client.disconnect(),
    };
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("queued");
    await clock.settle();
    expect(client.state.status).toBe("idle");
    expect(peer.closeFrame).not.toBeNull();
    expect(client.snapshot().queued).toBe(1);
  });

  test("its message counts as queued while the connection closes, too", async () => {
    const hook: Extension = {
      name: "leaver",
      onSend: (_message, context) => void context.client.disconnect(),
    };
    const { client, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    peer.answersClose = false;
    expect(client.send("abc")).toBe("queued");
    expect(client.state.status).toBe("closing");
    expect(client.snapshot()).toMatchObject({ queued: 1, queuedBytes: 3 });
  });
});

describe("What was handed over", () => {
  test.each([
    ["what the transport says", () => 100, 200],
    ["the bytes of the text where it says nothing", () => {}, 6],
  ])("is counted, in bytes too: %s", async (_case, send, bytesSent) => {
    const { client, connected } = rig({ onConnection: (connection) => (connection.send = send) });
    await connected();
    client.send("€");
    await client.sendAsync("abc");
    expect(client.snapshot()).toMatchObject({ messagesSent: 2, bytesSent });
  });
});
