import { describe, expect, test } from "vitest";
import { HandshakeTimeoutError, chain, type Handshake, type PluginContext } from "./index.ts";
import { partContext } from "./part-context.ts";
import { rig, watch } from "./test-kit.ts";

/** A handshake that gives its context away. */
function keeper(handshakeTimeout?: number): Handshake & { readonly inside: () => PluginContext } {
  let context: PluginContext | undefined;
  return {
    name: "keeper",
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
  const { exchange: _, ...part } = Object.getOwnPropertyDescriptors(
    partContext(keeper(), whole as unknown as PluginContext),
  );
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
