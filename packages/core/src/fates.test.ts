import { expect, test } from "vitest";
import type { Connection, Extension, Message, PluginContext } from "./index.ts";
import { rig } from "./test-kit.ts";
import { seededRandom } from "./testing/index.ts";

type Fate = "handed" | "refused" | "abandoned" | "dropped";

/** A client that is sent to at random, over a network that fails at random. */
function storm(seed: number) {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const overflow = (["reject", "drop-newest"] as const)[pick(2)]!;
  const whileDisconnected = (["hold", "hold", "reject"] as const)[pick(3)]!;
  /** Everything that became of a message: one thing, if all is well. */
  const fates = new Map<string, Fate[]>();
  const handed: string[] = [];
  const note = (id: string, fate: Fate): void => void fates.get(id)!.push(fate);

  const onConnection = (connection: Connection): void => {
    const send = connection.send.bind(connection);
    connection.send = (message) => {
      if (pick(30) === 0) throw new Error("not taken");
      const bytes = send(message);
      handed.push(String(message));
      note(String(message), "handed");
      return bytes;
    };
  };
  const answers: (() => void)[] = [];
  let context: PluginContext;
  const hook: Extension = {
    name: "moody",
    setup: (given) => void (context = given),
    onSend(message: Message): Message | Promise<Message> | void {
      if (pick(40) === 0) context.fail(new Error("moody"));
      if (pick(3) > 0) return pick(2) > 0 ? message : undefined;
      return new Promise((resolve) => answers.push(() => resolve(message)));
    },
  };
  const hooks = pick(2) > 0 ? [hook] : [];
  const { client, clock, server } = rig({
    plugins: [...hooks, { name: "soon", nextDelay: () => pick(20) }],
    sendQueue: { capacity: 1 + pick(8), overflow, whileDisconnected },
    highWaterMark: 1 + pick(20),
    closeTimeout: 20,
    onConnection,
  });
  client.on("dropped", ({ messages }) => {
    for (const message of messages) note(String(message), "dropped");
  });

  let count = 0;
  const fresh = (): string => {
    const id = `${count++}`.padStart(4, "0");
    fates.set(id, []);
    return id;
  };
  const send = (): void => {
    const id = fresh();
    try {
      client.send(id, pick(3) > 0 ? undefined : { maxAge: pick(3) * 5 });
    } catch {
      note(id, "refused");
    }
  };
  const sendAsync = (): void => {
    const id = fresh();
    const controller = new AbortController();
    const { signal } = controller;
    client
      .sendAsync(id, pick(2) > 0 ? { signal, timeout: 1 + pick(30) } : { signal })
      .catch((error: Error) => {
        if (error.name !== "MessageDroppedError") {
          note(id, error.name === "NotConnectedError" ? "refused" : "abandoned");
        }
      });
    if (pick(4) === 0) controller.abort(new Error("enough"));
  };
  const steps: readonly (() => unknown)[] = [
    send,
    send,
    send,
    sendAsync,
    sendAsync,
    () => server.peers.at(-1)?.slow(),
    () => server.peers.at(-1)?.drain(1 + pick(10)),
    () => server.peers.at(-1)?.flow(),
    () => answers.shift()?.(),
    () => answers.shift()?.(),
    () => clock.advance(pick(10)),
    () => clock.settle(),
    () => pick(3) === 0 && server.drop(),
    () => pick(3) === 0 && server.peers.at(-1)?.close(1001),
    () => void client.connect(),
    () => {
      if (pick(4) === 0) client.disconnect({ timeout: pick(10) }).catch(() => {});
    },
    () => pick(4) === 0 && client.reconnect(),
  ];
  return { client, clock, server, fates, handed, step: () => steps[pick(steps.length)]!() };
}

test("Whatever happens, each message has one fate, and what is sent is sent in order", async () => {
  const seen = new Set<Fate | undefined>();
  for (let seed = 0; seed < 150; seed++) {
    const { client, clock, server, fates, handed, step } = storm(seed);
    void client.connect();
    for (let n = 0; n < 120; n++) {
      await step();
    }
    void client.close();
    await clock.advance(100);
    expect(client.state.status).toBe("closed");
    expect(clock.pending).toBe(0);
    expect(server.maxLive).toBe(1);
    const odd = [...fates].filter(([, all]) => all.length !== 1);
    expect(odd, `seed ${seed}`).toEqual([]);
    expect(handed, `seed ${seed}`).toEqual(handed.toSorted());
    for (const [fate] of fates.values()) seen.add(fate);
  }
  expect(seen).toEqual(new Set(["abandoned", "dropped", "handed", "refused"]));
});
