import { describe, expect, test, vi } from "vitest";
import { DROP, type Extension, type Message, type MessageContext } from "./index.ts";
import { rig, watch } from "./test-kit.ts";

const hook = (name: string, onSend: Extension["onSend"]): Extension => ({ name, onSend });

/** A plugin whose `onSend` answers by promises that the test settles. */
function gate(): Extension & {
  readonly answer: ((value?: unknown) => void)[];
  readonly seen: Message[];
} {
  const answer: ((value?: unknown) => void)[] = [];
  const seen: Message[] = [];
  return {
    name: "gate",
    answer,
    seen,
    onSend(message) {
      seen.push(message);
      return new Promise<never>((resolve, reject) =>
        answer.push((value) => (value instanceof Error ? reject(value) : resolve(value as never))),
      );
    },
  };
}

describe("an onSend hook", () => {
  test("runs first plugin to last, as a method", async () => {
    const tag = (name: string) => ({
      name,
      onSend(message: Message) {
        return `${String(message)}${this.name}`;
      },
    });
    const { client, connected } = rig({ plugins: [tag("a"), tag("b"), tag("c")] });
    const peer = await connected();
    expect(client.send("-")).toBe("sent");
    expect(peer.received).toEqual(["-abc"]);
  });

  test.each<[string, unknown, readonly Message[]]>([
    ["nothing keeps the message", undefined, ["m"]],
    ["a text replaces it", "x", ["x"]],
    ["an empty text replaces it too", "", [""]],
    ["bytes replace it", Uint8Array.of(1), [Uint8Array.of(1)]],
    ["other bytes replace it as a Uint8Array", new ArrayBuffer(2), [new Uint8Array(2)]],
    ["DROP takes it", DROP, []],
  ])("%s, at once and by a promise", async (_, answer, expected) => {
    for (const result of [answer, Promise.resolve(answer)]) {
      const { client, clock, connected, told } = rig({
        plugins: [hook("h", () => result as Message)],
      });
      const peer = await connected();
      const isSync = result === answer;
      expect(client.send("m")).toBe(isSync ? "sent" : "queued");
      expect(peer.received).toEqual(isSync ? expected : []);
      await clock.settle();
      expect(peer.received).toEqual(expected);
      expect(told("error")).toEqual([]);
      expect(told("dropped")).toEqual([]);
    }
  });

  test("that takes the message ends the waterfall, and its sendAsync resolves", async () => {
    const behind = vi.fn<() => void>();
    const { client, clock, connected } = rig({
      plugins: [hook("taker", () => DROP), hook("behind", behind)],
    });
    const peer = await connected();
    const sent = watch(client.sendAsync("m"));
    await clock.settle();
    expect(sent.status).toBe("resolved");
    expect(behind).not.toHaveBeenCalled();
    expect(peer.received).toEqual([]);
  });

  test("runs once, when the message leaves the queue, on the connection it goes to", async () => {
    const seen: [Message, number][] = [];
    const { client, clock, server, connected } = rig({
      plugins: [hook("h", (message, { connectionId }) => void seen.push([message, connectionId]))],
    });
    client.send("early");
    expect(seen).toEqual([]);
    await connected();
    expect(seen).toEqual([["early", 1]]);
    server.drop();
    await clock.settle();
    client.send("later");
    await clock.advance(1000);
    expect(seen).toEqual([
      ["early", 1],
      ["later", 2],
    ]);
    expect(server.peers.map((peer) => peer.received)).toEqual([["early"], ["later"]]);
  });

  test("is not asked for what the high-water mark keeps in the queue", async () => {
    const onSend = vi.fn<() => void>();
    const { client, connected } = rig({ plugins: [{ name: "h", onSend }], highWaterMark: 4 });
    const peer = await connected();
    peer.slow();
    client.send("1234");
    expect(client.send("5")).toBe("queued");
    expect(onSend).toHaveBeenCalledTimes(1);
    peer.drain();
    expect(onSend).toHaveBeenCalledTimes(2);
  });

  test("changes nothing about the queue's limits, which count the message as given", () => {
    const { client } = rig({
      plugins: [hook("grow", (message) => String(message).repeat(100))],
      sendQueue: { maxBytes: 4 },
    });
    expect(client.send("1234")).toBe("queued");
    expect(client.snapshot().queuedBytes).toBe(4);
  });

  test("tells by origin what the application sends from what handshakes and exchanges do", async () => {
    const origins: [Message, MessageContext["origin"]][] = [];
    let exchange: (() => Promise<void>) | undefined;
    const { client, connected, clock } = rig({
      plugins: [
        hook("h", (message, { origin }) => void origins.push([message, origin])),
        {
          name: "greeting",
          handshake: async (session) => session.send("hello"),
          setup(context) {
            exchange = () => context.exchange(async (session) => session.send("again"));
          },
        },
      ],
    });
    await connected();
    client.send("order");
    await exchange?.();
    await clock.settle();
    expect(origins).toEqual([
      ["hello", "plugin"],
      ["order", "application"],
      ["again", "plugin"],
    ]);
  });
});

describe("a promise of an onSend hook", () => {
  test("makes later messages wait their turn", async () => {
    const slow = gate();
    const { client, connected, clock } = rig({ plugins: [slow] });
    const peer = await connected();
    expect(client.send("1")).toBe("queued");
    expect(client.send("2")).toBe("queued");
    expect(slow.seen).toEqual(["1"]);
    slow.answer[0]?.("one");
    await clock.settle();
    expect(peer.received).toEqual(["one"]);
    slow.answer[1]?.();
    await clock.settle();
    expect(peer.received).toEqual(["one", "2"]);
  });

  test("goes on with the hooks behind it", async () => {
    const { client, connected, clock } = rig({
      plugins: [
        hook("a", (message) => Promise.resolve(`${String(message)}a`)),
        hook("b", (message) => `${String(message)}b`),
        hook("c", (message) => Promise.resolve(`${String(message)}c`)),
      ],
    });
    const peer = await connected();
    client.send("-");
    await clock.settle();
    expect(peer.received).toEqual(["-abc"]);
  });

  test("that is under way when the connection ends is asked again on the next, in order", async () => {
    const slow = gate();
    const { client, server, connected, clock } = rig({ plugins: [slow] });
    await connected();
    client.send("1");
    client.send("2");
    server.drop();
    await clock.advance(1000);
    expect(slow.seen).toEqual(["1", "1"]);
    slow.answer[0]?.("stale");
    slow.answer[1]?.();
    await clock.settle();
    slow.answer[2]?.();
    await clock.settle();
    expect(server.peers.map((peer) => peer.received)).toEqual([[], ["1", "2"]]);
  });

  test("that rejects when the connection is gone is no fault, and no hook behind it is asked", async () => {
    const slow = gate();
    const behind = vi.fn<() => void>();
    const { client, server, connected, clock, told } = rig({
      plugins: [slow, hook("behind", behind)],
    });
    await connected();
    client.send("1");
    server.drop();
    await clock.settle();
    slow.answer[0]?.(new Error("late"));
    await clock.settle();
    expect(told("error")).toEqual([]);
    expect(behind).not.toHaveBeenCalled();
  });
});

describe("a fault in onSend", () => {
  const faults: [string, Extension["onSend"]][] = [
    [
      "throwing",
      () => {
        throw new Error("no");
      },
    ],
    ["rejecting", () => Promise.reject(new Error("no"))],
    ["answering what is no message", () => ["x"] as unknown as Message],
    ["answering null", () => null as unknown as Message],
    ["promising what is no message", () => Promise.resolve(7 as unknown as Message)],
  ];

  test.each(faults)("by %s keeps the message under the policy 'ignore'", async (_, onSend) => {
    const { client, connected, clock, told } = rig({
      plugins: [hook("broken", onSend), hook("behind", (message) => `${String(message)}!`)],
    });
    const peer = await connected();
    client.send("m");
    await clock.settle();
    expect(peer.received).toEqual(["m!"]);
    expect(told("error")).toHaveLength(1);
    expect(told("error")[0]?.error).toMatchObject({ plugin: "broken", hook: "onSend" });
    expect(client.isConnected).toBe(true);
  });

  test.each(faults)(
    "by %s loses the connection under 'disconnect'; the message waits for the next",
    async (_, onSend) => {
      const behind = vi.fn<() => void>();
      let isBroken = true;
      const { client, server, connected, clock, told } = rig({
        pluginErrorPolicy: "disconnect",
        plugins: [
          hook("broken", (message, context) => (isBroken ? onSend?.(message, context) : undefined)),
          hook("behind", behind),
        ],
      });
      await connected();
      client.send("m");
      client.send("n");
      await clock.settle();
      expect(told("disconnected")[0]).toMatchObject({
        willRetry: true,
        cause: { code: "PLUGIN", plugin: "broken", hook: "onSend" },
      });
      expect(behind).not.toHaveBeenCalled();
      isBroken = false;
      await clock.advance(1000);
      expect(server.peers.map((peer) => peer.received)).toEqual([[], ["m", "n"]]);
    },
  );
});
