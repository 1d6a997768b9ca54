import { describe, expect, test, vi } from "vitest";
import {
  ClientClosedError,
  HandshakeTimeoutError,
  chain,
  type Handshake,
  type PluginContext,
} from "./index.ts";
import { partContext } from "./part-context.ts";
import { rig, watch } from "./test-kit.ts";

/** A handshake that gives its context away. */
function keeper(
  handshakeTimeout?: number,
  name: string = "keeper",
): Handshake & { readonly inside: () => PluginContext } {
  let context: PluginContext | undefined;
  return {
    name,
    handshakeTimeout,
    async handshake() {},
    setup: (given) => void (context = given),
    inside: () => context!,
  };
}
const wholes = {
  chain: (part: Handshake): Handshake => chain(part),
  "chain of chains": (part: Handshake): Handshake => chain([chain([part], { timeout: 5000 })]),
};

describe.each(Object.entries(wholes))("an exchange of a part of a %s", (_, whole) => {
  test("has the name and the deadline of the part", async () => {
    const part = keeper(20);
    const { clock, connected } = rig({ plugins: [whole(part)] });
    await connected();
    const asking = watch(part.inside().exchange((session) => session.receive()));
    await clock.advance(19);
    expect(asking.status).toBe("pending");
    await clock.advance(1);
    expect(asking.error).toBeInstanceOf(HandshakeTimeoutError);
    expect(asking.error).toMatchObject({
      step: "keeper",
      message: "Handshake 'keeper' timed out after 20 ms",
    });
  });

  test("has the deadline that it names, and its other options", async () => {
    const part = keeper(20);
    const { clock, client, connected } = rig({ plugins: [whole(part)] });
    await connected();
    const over = new AbortController();
    const options = { timeout: 50, hold: true, signal: over.signal };
    const asking = watch(part.inside().exchange((session) => session.receive(), options));
    expect(client.send("held")).toBe("queued");
    await clock.advance(49);
    expect(asking.status).toBe("pending");
    over.abort("enough");
    await clock.settle();
    expect(asking.error).toBe("enough");
  });
});

test("an exchange of a part without a deadline has that of the chain", async () => {
  const part = keeper();
  const { clock, connected } = rig({ plugins: [chain([chain(part)], { timeout: 90_000 })] });
  await connected();
  const asking = watch(part.inside().exchange((session) => session.receive()));
  await clock.advance(59_999);
  expect(asking.status).toBe("pending");
  await clock.advance(1);
  expect(asking.error).toMatchObject({ step: "keeper" });
});

describe("what a part listens for", () => {
  const parts = (): ReturnType<typeof keeper>[] => ["a", "b", "c"].map((name) => keeper(0, name));
  const made = (a: Handshake, b: Handshake, c: Handshake): Handshake => chain(a, chain(b, c));

  test("takes the place of no other part's", async () => {
    const [a, b, c] = parts();
    const { clock, connected } = rig({ plugins: [made(a!, b!, c!)] });
    const peer = await connected();
    const told: string[] = [];
    for (const part of [a!, b!, c!]) {
      const context = part.inside();
      context.onNextFrame(() => told.push("given up"));
      context.onNextFrame(() => told.push(`${part.name} frame`));
      context.ping(() => told.push(`${part.name} pong`));
    }
    peer.send("news");
    expect(told).toEqual(["a frame", "b frame", "c frame"]);
    told.length = 0;
    await clock.settle();
    expect(told).toEqual(["a pong", "b pong", "c pong"]);
  });

  test("is forgotten at teardown", async () => {
    const [a, b, c] = parts();
    const { client, connected } = rig({ plugins: [] });
    const peer = await connected();
    peer.answersPings = false;
    const setUp = { name: "guest", setup: made(a!, b!, c!).setup };
    const remove = client.use(setUp);
    const told = vi.fn<() => void>();
    for (const part of [a!, b!, c!]) {
      part.inside().onNextFrame(told);
      part.inside().ping(told);
    }
    remove();
    peer.pong(peer.pings.at(-1));
    expect(told).not.toHaveBeenCalled();
    for (const part of [a!, b!, c!]) {
      expect(() => part.inside().onNextFrame(told)).toThrow(ClientClosedError);
      expect(() => part.inside().ping(told)).toThrow(ClientClosedError);
    }
  });
});

test("everything else is the client from inside, as it is at the time", () => {
  const told: unknown[] = [];
  const whole = {
    client: {},
    clock: {},
    random: () => 0,
    signal: new AbortController().signal,
    received: 1,
    paused: false,
    canPing: false,
    onNextFrame: (task: () => void) => task(),
    ping: (answered: (rtt: number) => void) => answered(5),
    fail: (cause: unknown) => told.push(["fail", cause]),
    suspend: () => () => told.push("resume"),
    probe: () => told.push("probe"),
    report: (error: unknown) => told.push(["report", error]),
  };
  const {
    exchange: _,
    ear: __,
    ...part
  } = Object.getOwnPropertyDescriptors(partContext(keeper(), whole as unknown as PluginContext));
  expect(Object.keys(part)).toEqual(Object.keys(whole));
  const context = Object.defineProperties({}, part) as PluginContext;
  Object.assign(whole, { received: 2, paused: true, canPing: true });
  const { client, clock, random, signal, received, paused, canPing } = whole;
  expect(context).toMatchObject({ client, clock, random, signal, received, paused, canPing });
  context.onNextFrame(() => told.push("frame"));
  context.ping((rtt) => told.push(rtt));
  context.fail("a");
  context.suspend()();
  context.probe();
  context.report("b");
  expect(told).toEqual(["frame", 5, ["fail", "a"], "resume", "probe", ["report", "b"]]);
});
