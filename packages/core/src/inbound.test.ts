import { describe, expect, test } from "vitest";
import { DROP, type Extension, type Message, type MessageContext } from "./index.ts";
import { rig, watch } from "./test-kit.ts";
import type { RigOptions } from "./test-kit.ts";
import type { MemoryPeer } from "./testing/index.ts";

/** A plugin whose `onMessage` answers by promises that the test settles. */
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
    onMessage(message) {
      seen.push(message);
      return new Promise<never>((resolve, reject) =>
        answer.push((value) => (value instanceof Error ? reject(value) : resolve(value as never))),
      );
    },
  };
}
const hook = (name: string, onMessage: Extension["onMessage"]): Extension => ({ name, onMessage });

describe("an onMessage hook", () => {
  test("runs last plugin to first, as a method", async () => {
    const tag = (name: string) => ({
      name,
      onMessage(message: Message) {
        return `${String(message)}${this.name}`;
      },
    });
    const { connected, told } = rig({ plugins: [tag("a"), tag("b"), tag("c")] });
    (await connected()).send("-");
    expect(told("message")).toEqual(["-cba"]);
  });

  test.each<[string, unknown, readonly Message[]]>([
    ["nothing keeps the message", undefined, ["m"]],
    ["a text replaces it", "x", ["x"]],
    ["an empty text replaces it too", "", [""]],
    ["bytes replace it", Uint8Array.of(1), [Uint8Array.of(1)]],
    [
      "other bytes replace it as a Uint8Array",
      new DataView(new ArrayBuffer(2)),
      [new Uint8Array(2)],
    ],
    ["DROP swallows it", DROP, []],
    ["an array splits it", ["x", Uint8Array.of(2), "y"], ["x", Uint8Array.of(2), "y"]],
    ["an empty array swallows it", [], []],
  ])("%s, at once and by a promise", async (_, answer, expected) => {
    for (const result of [answer, Promise.resolve(answer)]) {
      const { clock, connected, told } = rig({ plugins: [hook("h", () => result as Message)] });
      (await connected()).send("m");
      expect(told("message")).toEqual(result === answer ? expected : []);
      await clock.settle();
      expect(told("message")).toEqual(expected);
      expect(told("error")).toEqual([]);
    }
  });

  test("sees each part of a split by the plugins behind it", async () => {
    const seen: Message[] = [];
    const { connected, told } = rig({
      plugins: [hook("b", (message) => void seen.push(message)), hook("a", () => ["1", "2"])],
    });
    (await connected()).send("m");
    expect(seen).toEqual(["1", "2"]);
    expect(told("message")).toEqual(["1", "2"]);
  });

  test("swallows for the plugins behind it, too", async () => {
    const seen: Message[] = [];
    const { connected } = rig({
      plugins: [hook("b", (message) => void seen.push(message)), hook("a", () => DROP)],
    });
    (await connected()).send("m");
    expect(seen).toEqual([]);
  });

  test("learns of client, connection, metadata and origin", async () => {
    const contexts: MessageContext[] = [];
    const { client, server, clock, connected } = rig({
      plugins: [
        hook("h", (_, context) => void contexts.push(context)),
        {
          name: "greeting",
          async handshake(session) {
            session.metadata.set("user", 7);
            await session.receive();
          },
        },
      ],
    });
    server.onDial((dial) => dial.accept().send("welcome"));
    await connected();
    server.peer.send("news");
    server.drop();
    await clock.advance(1000);
    expect(contexts.map(({ connectionId, origin }) => [connectionId, origin])).toEqual([
      [1, "plugin"],
      [1, "application"],
      [2, "plugin"],
    ]);
    expect(contexts[1]?.client).toBe(client);
    expect(contexts[1]?.metadata.get("user")).toBe(7);
    expect(contexts[1]?.metadata).not.toBe(contexts[2]?.metadata);
  });
});

describe("a message that comes in the middle of another", () => {
  const hooks: [string, Extension["onMessage"]][] = [
    ["at once", () => {}],
    ["by a promise", (message) => Promise.resolve(message)],
  ];

  test.each(hooks)("waits until all have the first, which a hook answers %s", async (_, answer) => {
    const log: string[] = [];
    const { client, connected, clock } = rig({
      plugins: [
        hook("answer", answer),
        hook("early", (message) => {
          if (message === "1") peer.listener.onMessage("2", 1);
        }),
      ],
    });
    const peer = await connected();
    client.on("message", (message) => {
      if (message !== "2") return;
      peer.listener.onMessage("3", 1);
      peer.listener.onClose({ code: 1006, reason: "", wasClean: false });
    });
    client.on("message", (message) => log.push(String(message)));
    client.on("disconnected", () => log.push("disconnected"));
    peer.send("1");
    await clock.settle();
    expect(log).toEqual(["1", "2", "3", "disconnected"]);
  });
});

describe("a promise of an onMessage hook", () => {
  test("makes later messages wait their turn, the parts of a split included", async () => {
    const slow = gate();
    const { connected, clock, told } = rig({
      plugins: [slow, hook("split", (m) => [m, `${String(m)}'`] as string[])],
    });
    const peer = await connected();
    peer.send("1");
    peer.send("2");
    expect(slow.seen).toEqual(["1"]);
    slow.answer[0]?.();
    await clock.settle();
    expect(slow.seen).toEqual(["1", "1'"]);
    slow.answer[1]?.(["a", "b"]);
    await clock.settle();
    slow.answer[2]?.();
    await clock.settle();
    slow.answer[3]?.(DROP);
    await clock.settle();
    expect(told("message")).toEqual(["1", "a", "b", "2"]);
  });

  test("keeps three parts of each of two splits in order, wherever the first part waits", async () => {
    const parts = (m: Message): string[] => [1, 2, 3].map((part) => `${String(m)}${part}`);
    const { connected, clock, told } = rig({
      plugins: [hook("slow", (m) => Promise.resolve(m)), hook("split", parts)],
    });
    const peer = await connected();
    peer.send("a");
    peer.send("b");
    await clock.settle();
    expect(told("message")).toEqual(["a1", "a2", "a3", "b1", "b2", "b3"]);
  });

  test("keeps parts of parts in order, wherever one of them waits", async () => {
    const split: Record<string, readonly string[]> = {
      all: ["A", "B", "C"],
      A: ["a1", "a2", "a3"],
      B: ["b1", "b2"],
      a1: ["x", "y"],
    };
    const answer = (m: Message) => split[String(m)] as string[] | undefined;
    const parts = ["x", "y", "a2", "a3", "b1", "b2", "C", "next"];
    for (const slow of [...parts, "all", "A", "B", "a1"]) {
      const later = (m: Message) => (m === slow ? Promise.resolve(answer(m) ?? m) : answer(m));
      const { connected, clock, told } = rig({
        plugins: [hook("last", later), hook("inner", later), hook("outer", later)],
      });
      const peer = await connected();
      peer.send("all");
      peer.send("next");
      await clock.settle();
      expect([slow, ...told("message")]).toEqual([slow, ...parts]);
    }
  });

  test("that has settled lets messages through at once again", async () => {
    let isSlow = true;
    const { connected, clock, told } = rig({
      plugins: [hook("h", (message) => (isSlow ? Promise.resolve(message) : message))],
    });
    const peer = await connected();
    peer.send("1");
    expect(told("message")).toEqual([]);
    await clock.settle();
    isSlow = false;
    peer.send("2");
    expect(told("message")).toEqual(["1", "2"]);
  });

  test("goes on with the message as it was when it rejects", async () => {
    const { connected, clock, told } = rig({
      plugins: [
        hook("b", (message) => `${String(message)}!`),
        hook("broken", () => Promise.reject(new Error("no"))),
        hook("a", (message) => Promise.resolve(`${String(message)}?`)),
      ],
    });
    (await connected()).send("m");
    await clock.settle();
    expect(told("message")).toEqual(["m?!"]);
    expect(told("error")[0]?.error).toMatchObject({ plugin: "broken", hook: "onMessage" });
  });

  test("that settles when the connection is gone changes nothing", async () => {
    for (const value of ["late", new Error("late")]) {
      const slow = gate();
      const seen: Message[] = [];
      const { client, connected, clock, told } = rig({
        plugins: [hook("behind", (message) => void seen.push(message)), slow],
      });
      (await connected()).send("m");
      client.reconnect();
      await clock.advance(10_000);
      slow.answer[0]?.(value);
      await clock.settle();
      expect(seen).toEqual([]);
      expect(told("message")).toEqual([]);
      expect(told("error")).toEqual([]);
    }
  });

  test("keeps bytes behind it as they are", async () => {
    const { connected, clock, told } = rig({ plugins: [hook("slow", (m) => Promise.resolve(m))] });
    const peer = await connected();
    const sent = ["", Uint8Array.of(1), Uint8Array.of(), "1", Uint8Array.of(2)];
    for (const message of sent) peer.send(message);
    await clock.settle();
    expect(told("message")).toEqual(sent);
  });

  test("leaves to those behind it the origin that they came with", async () => {
    const origins: string[] = [];
    const { server, connected, clock } = rig({
      plugins: [
        hook("slow", (_, { origin }) => (origins.push(origin), Promise.resolve(undefined))),
        { name: "greeting", handshake: () => Promise.resolve() },
      ],
    });
    server.onDial((dial) => {
      const peer = dial.accept();
      for (const text of ["1", "2", "3"]) peer.send(text);
    });
    (await connected()).send("4");
    await clock.settle();
    expect(origins).toEqual(["plugin", "plugin", "plugin", "application"]);
  });

  test("keeps what was on its way from a plugin removed meanwhile, and shows the rest to one added", async () => {
    const slow = gate();
    const { client, connected, clock, told } = rig();
    const undo = client.use(slow);
    const peer = await connected();
    peer.send("1");
    peer.send("2");
    undo();
    client.use(hook("late", (message) => `late ${String(message)}`));
    slow.answer[0]?.();
    await clock.settle();
    expect(slow.seen).toEqual(["1"]);
    expect(told("message")).toEqual(["1", "late 2"]);
  });

  test("keeps the rest of a split from plugins added or removed meanwhile", async () => {
    const slow = gate();
    const { client, connected, clock, told } = rig();
    const undo = client.use(slow);
    client.use(hook("split", () => ["1", "2"]));
    const peer = await connected();
    peer.send("m");
    expect(slow.seen).toEqual(["1"]);
    undo();
    client.use(hook("late", (message) => `late ${String(message)}`));
    slow.answer[0]?.();
    await clock.settle();
    expect(slow.seen).toEqual(["1", "2"]);
    slow.answer[1]?.();
    await clock.settle();
    expect(told("message")).toEqual(["1", "2"]);
  });
});

describe("the backlog behind a promise", () => {
  test("pauses receiving at receiveBuffer messages and resumes below half", async () => {
    const slow = gate();
    const { connected, clock } = rig({ plugins: [slow], receiveBuffer: 4 });
    const peer = await connected();
    // One is with the hook, four wait.
    for (const text of ["0", "1", "2", "3"]) peer.send(text);
    expect(peer.paused).toBe(false);
    peer.send("4");
    expect(peer.paused).toBe(true);
    slow.answer[0]?.();
    await clock.settle();
    slow.answer[1]?.();
    await clock.settle();
    expect(peer.paused).toBe(true);
    slow.answer[2]?.();
    await clock.settle();
    expect(peer.paused).toBe(false);
  });

  test("resumes receiving when the parts of a split that filled it are through", async () => {
    const slow = (m: Message) => (m === "1" ? Promise.resolve(m) : undefined);
    const { connected, clock, told } = rig({
      plugins: [hook("slow", slow), hook("split", () => ["1", "2", "3", "4"])],
      receiveBuffer: 3,
    });
    const peer = await connected();
    peer.send("m");
    expect(peer.paused).toBe(true);
    await clock.settle();
    expect(told("message")).toEqual(["1", "2", "3", "4"]);
    expect(peer.paused).toBe(false);
  });

  test("does not count the parts of a split that nothing holds up", async () => {
    const { connected, told } = rig({
      plugins: [hook("split", () => ["1", "2", "3", "4"])],
      receiveBuffer: 2,
      transport: { pause: false },
    });
    (await connected()).send("m");
    expect(told("message")).toEqual(["1", "2", "3", "4"]);
    expect(told("lagged")).toEqual([]);
  });

  test("takes what was on its way when receiving paused", async () => {
    const slow = gate();
    const { client, connected, clock, told } = rig({ plugins: [slow], receiveBuffer: 2 });
    const peer = await connected();
    const sent = ["0", "1", "2", "3", "4"];
    for (const text of sent) peer.listener.onMessage(text, 1);
    for (let i = 0; i < sent.length; i++) {
      slow.answer[i]?.();
      await clock.settle();
    }
    expect(told("message")).toEqual(sent);
    expect(told("lagged")).toEqual([]);
    expect(client.isConnected).toBe(true);
  });

  test("counts the parts of a split", async () => {
    const { connected } = rig({
      plugins: [gate(), hook("split", () => ["1", "2", "3", "4"])],
      receiveBuffer: 3,
    });
    const peer = await connected();
    peer.send("m");
    expect(peer.paused).toBe(true);
  });

  test("drops its oldest, and says so, where the transport cannot pause", async () => {
    const slow = gate();
    const { connected, clock, told } = rig({
      plugins: [slow],
      receiveBuffer: 2,
      transport: { pause: false },
    });
    const peer = await connected();
    for (const text of ["0", "1", "2", "3"]) peer.send(text);
    expect(told("lagged")).toEqual([{ skipped: 1 }]);
    for (let i = 0; i < 4; i++) {
      slow.answer[i]?.();
      await clock.settle();
    }
    expect(told("message")).toEqual(["0", "2", "3"]);
  });

  test("reaches the application before the client is told of the loss", async () => {
    const slow = gate();
    const log: string[] = [];
    const { client, connected, clock } = rig({ plugins: [slow] });
    client.on("message", (message) => log.push(String(message)));
    client.on("disconnected", () => log.push("disconnected"));
    const peer = await connected();
    peer.send("1");
    peer.send("2");
    peer.close(1001);
    await clock.settle();
    expect(client.state.status).toBe("connected");
    slow.answer[0]?.();
    await clock.settle();
    slow.answer[1]?.();
    await clock.settle();
    expect(log).toEqual(["1", "2", "disconnected"]);
  });

  test.each(["2", "2'"])(
    "is worked off before what a listener makes arrive or end at '%s'",
    async (at) => {
      const log: string[] = [];
      const { client, connected, clock } = rig({
        plugins: [
          hook("split", (m) => [m, `${String(m)}'`] as string[]),
          hook("slow", (m) => (m === "1" ? Promise.resolve(m) : undefined)),
        ],
      });
      const peer = await connected();
      client.on("disconnected", () => log.push("disconnected"));
      client.on("message", (message) => {
        log.push(String(message));
        if (message !== at) return;
        peer.listener.onMessage("4", 1);
        peer.listener.onClose({ code: 1006, reason: "", wasClean: false });
      });
      for (const text of ["1", "2", "3"]) peer.send(text);
      await clock.settle();
      expect(log).toEqual(["1", "1'", "2", "2'", "3", "3'", "4", "4'", "disconnected"]);
    },
  );

  test("holds a loss up for closeTimeout at most", async () => {
    const { client, connected, clock } = rig({ plugins: [gate()], closeTimeout: 300 });
    const peer = await connected();
    peer.send("1");
    peer.drop();
    await clock.advance(299);
    expect(client.state.status).toBe("connected");
    await clock.advance(1);
    expect(client.state.status).toBe("waiting");
  });

  test("loses the connection beyond receiveBuffer before it is connected", async () => {
    const slow = gate();
    const { client, server, clock, told } = rig({
      plugins: [slow, { name: "greeting", handshake: () => new Promise(() => {}) }],
      receiveBuffer: 2,
    });
    watch(client.connect());
    await clock.settle();
    for (const text of ["with the hook", "1", "2"]) server.peer.send(text);
    expect(client.state.status).toBe("handshaking");
    server.peer.send("3");
    expect(client.state.status).toBe("waiting");
    expect(told("error")[0]?.error.message).toContain("More than 2 messages arrived before");
  });

  test("is not heard when a listener ends the connection at one part of a split", async () => {
    const { client, connected, clock, told } = rig({
      plugins: [hook("split", () => ["1", "2", "3"])],
    });
    const peer = await connected();
    client.on("message", () => void client.close({ timeout: 0 }));
    peer.send("m");
    await clock.advance(0);
    expect(told("message")).toEqual(["1", "2", "3"]);
    expect(client.state.status).toBe("closed");
  });

  test("is not shown to the hooks behind when the first part loses the connection", async () => {
    const seen: Message[] = [];
    const { client, server, connected, clock, states } = rig({
      pluginErrorPolicy: "disconnect",
      plugins: [
        hook("broken", (message) => {
          seen.push(message);
          throw new Error("no");
        }),
        hook("split", () => ["1", "2", "3"]),
      ],
    });
    // Dials anew in the middle of the fault.
    client.on("disconnected", () => client.reconnect());
    (await connected()).send("m");
    await clock.settle();
    expect(seen).toEqual(["1"]);
    expect(states.slice(-3)).toEqual(["waiting", "connecting", "connected"]);
    expect(server.dials).toHaveLength(2);
  });

  test("is dropped with a connection that a plugin terminates", async () => {
    let fail: (() => void) | undefined;
    const { client, connected, told } = rig({
      plugins: [
        { name: "keeper", setup: (context) => void (fail = () => context.fail(new Error("no"))) },
        hook("split", () => ["1", "2", "3"]),
      ],
    });
    const peer = await connected();
    client.on("message", () => fail?.());
    peer.send("m");
    expect(told("message")).toEqual(["1"]);
  });
});

describe("a fault in onMessage", () => {
  const faults: [string, Extension["onMessage"]][] = [
    [
      "throwing",
      () => {
        throw new Error("no");
      },
    ],
    ["rejecting", () => Promise.reject(new Error("no"))],
    ["answering what is no message", () => 7 as unknown as Message],
    ["answering null", () => null as unknown as Message],
    ["promising what is no message", () => Promise.resolve({} as unknown as Message)],
    ["splitting into what are no messages", () => ["x", 7] as unknown as Message],
  ];

  test.each(faults)("by %s keeps the message under the policy 'ignore'", async (_, onMessage) => {
    const { client, connected, clock, told } = rig({
      plugins: [hook("behind", (message) => `${String(message)}!`), hook("broken", onMessage)],
    });
    (await connected()).send("m");
    await clock.settle();
    expect(told("message")).toEqual(["m!"]);
    expect(told("error")).toHaveLength(1);
    expect(told("error")[0]?.error).toMatchObject({ plugin: "broken", hook: "onMessage" });
    expect(told("error")[0]?.error.cause).toBeInstanceOf(Error);
    expect(client.isConnected).toBe(true);
  });

  test.each(faults)("by %s loses the connection under 'disconnect'", async (_, onMessage) => {
    const { client, server, connected, clock, told } = rig({
      pluginErrorPolicy: "disconnect",
      plugins: [hook("behind", (message) => `${String(message)}!`), hook("broken", onMessage)],
    });
    const peer = await connected();
    peer.send("m");
    peer.send("n");
    await clock.settle();
    expect(told("message")).toEqual([]);
    expect(told("disconnected")[0]).toMatchObject({
      willRetry: true,
      cause: { code: "PLUGIN", plugin: "broken", hook: "onMessage" },
    });
    expect(server.live).toBe(0);
    await clock.advance(1000);
    expect(client.isConnected).toBe(true);
  });
});

describe("a transport that throws when it is to pause or to resume", () => {
  function failing(verb: "pause" | "resume", options: RigOptions) {
    let fails = true;
    const made = rig({
      ...options,
      onConnection(connection) {
        const own = connection[verb]!.bind(connection);
        connection[verb] = () => {
          if (!fails) return own();
          fails = false;
          throw new Error(`cannot ${verb}`);
        };
      },
    });
    return made;
  }
  /** Lets one arrive as the transport would; whether that threw. */
  const arrive = (peer: MemoryPeer, text: string): boolean => {
    try {
      peer.listener.onMessage(text, 1);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ message: "cannot pause" });
      return true;
    }
  };

  test("is told so, and everything arrives in order", async () => {
    const { client, connected, told } = failing("pause", {});
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 2 });
    peer.send("0");
    await reader.next();
    const thrown = ["1", "2", "3", "4"].map((text) => arrive(peer, text));
    expect(thrown).toEqual([false, true, false, false]);
    expect(told("message")).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("costs no part of a split, and no message that came in the middle of it", async () => {
    const { client, connected, told } = failing("pause", {
      plugins: [hook("split", (m) => [m, `${String(m)}'`] as string[])],
    });
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    const first = reader.next();
    client.on("message", (message) => {
      if (message === "1") peer.listener.onMessage("2", 1);
    });
    expect(arrive(peer, "1")).toBe(true);
    await first;
    expect(told("message")).toEqual(["1", "1'", "2", "2'"]);
    expect(arrive(peer, "3")).toBe(false);
    expect(told("message").slice(4)).toEqual(["3", "3'"]);
  });

  test("still lets a loss be told", async () => {
    const { client, connected } = failing("pause", {});
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    client.on("message", (message) => {
      if (message === "1") peer.listener.onClose({ code: 1006, reason: "", wasClean: false });
    });
    peer.send("0");
    await reader.next();
    arrive(peer, "1");
    expect(client.state.status).toBe("waiting");
  });
});
