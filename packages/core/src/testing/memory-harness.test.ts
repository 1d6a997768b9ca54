import { describe, expect, test } from "vitest";
import type { ConnectRequest } from "../transport.ts";
import { soon } from "./contract/test-kit.ts";
import type { ContractAnswer, MemoryHarnessOptions } from "./index.ts";
import { memoryHarness } from "./index.ts";
import { abnormal, listenerOf, requestFor, settled } from "./test-kit.ts";

/** A server that the kit commands, and dials of the transport that goes with it. */
async function staged(options?: MemoryHarnessOptions) {
  const harness = memoryHarness(options);
  const server = await harness.server();
  const transport = harness.transport();
  const dial = (request?: Partial<ConnectRequest>) => {
    const calls: unknown[] = [];
    const listener = listenerOf((...call) => void calls.push(call));
    return { calls, connection: transport.connect(requestFor(server.url, request), listener) };
  };
  return { server, dial };
}

describe("the server answers a dial", () => {
  test("without a word by accepting it, with no subprotocol", async () => {
    const { dial } = await staged();
    const { calls } = dial({ protocols: ["a", "b"] });
    await settled();
    expect(calls).toEqual([["open", { protocol: "", extensions: "" }]]);
  });

  test.each<[ContractAnswer, unknown[]]>([
    [{ type: "accept", protocol: "b" }, [["open", { protocol: "b" }]]],
    [
      { type: "accept", greeting: "hello" },
      [
        ["open", {}],
        ["message", "hello", 5],
      ],
    ],
    [
      { type: "accept", greeting: "" },
      [
        ["open", {}],
        ["message", "", 0],
      ],
    ],
    [
      { type: "refuse", status: 503, retryAfter: 7 },
      [["close", { error: { phase: "upgrade", status: 503, retryAfter: 7_000 } }]],
    ],
    [{ type: "refuse", status: 404 }, [["close", { error: { phase: "upgrade", status: 404 } }]]],
    [{ type: "drop" }, [["close", { error: { phase: "upgrade", retryable: true } }]]],
    [{ type: "hold" }, []],
  ])("with %o, and the one after it as usual", async (answer, calls) => {
    const { server, dial } = await staged();
    await server.answerNext(answer);
    const [first, second] = [dial({ protocols: ["a", "b"] }), dial()];
    await settled();
    expect(first.calls).toMatchObject(calls);
    expect(second.calls).toMatchObject([["open", {}]]);
  });

  test("with no subprotocol that was not offered", async () => {
    const { server, dial } = await staged();
    await server.answerNext({ type: "accept", protocol: "c" });
    const { calls } = dial({ protocols: ["a", "b"] });
    await settled();
    expect(calls).toMatchObject([["open", { protocol: "" }]]);
  });

  test("not at all at the URL where nobody listens, which takes no answer", async () => {
    const { server, dial } = await staged();
    await server.answerNext({ type: "accept", protocol: "a" });
    const { calls } = dial({ url: `${server.nowhere}?token=t` });
    const next = dial({ protocols: ["a"] });
    await settled();
    expect(calls).toMatchObject([["close", { error: { phase: "tcp" } }]]);
    expect(next.calls).toMatchObject([["open", { protocol: "a" }]]);
  });

  test("with the last answer it was told", async () => {
    const { server, dial } = await staged();
    await server.answerNext({ type: "hold" });
    await server.answerNext({ type: "accept" });
    const { calls } = dial();
    await settled();
    expect(calls).toMatchObject([["open", {}]]);
  });
});

test("the server tells of each dial that it holds, before or after it is asked", async () => {
  const { server, dial } = await staged();
  await server.answerNext({ type: "hold" });
  dial();
  expect(await soon(server.held())).toBeUndefined();
  const next = server.held();
  dial();
  expect(await soon(next)).toBe("hangs");
  await server.answerNext({ type: "hold" });
  dial();
  expect(await soon(next)).toBeUndefined();
  expect(await soon(server.held())).toBe("hangs");
});

describe("the server's end of a connection", () => {
  async function connected() {
    const { server, dial } = await staged();
    const client = dial({ url: `${server.url}?dial=1` });
    await settled();
    client.calls.length = 0;
    return { server, ...client, peer: await server.nextPeer() };
  }

  test("knows what was dialed, and carries messages both ways", async () => {
    const { peer, calls, connection } = await connected();
    expect(peer.path).toBe("ws://server.test/?dial=1");
    await peer.send("back");
    await peer.ping(Uint8Array.of(1));
    connection.send("there");
    expect(await peer.next()).toBe("there");
    expect(calls).toEqual([["message", "back", 4], ["activity"]]);
  });

  test("closes with a code and a reason", async () => {
    const { peer, calls } = await connected();
    await peer.close(4000, "enough");
    expect(calls).toEqual([["close", { code: 4000, reason: "enough", wasClean: true }]]);
    expect(await peer.closed()).toEqual({ code: 1006, reason: "" });
  });

  test("closes without a code", async () => {
    const { peer, calls } = await connected();
    await peer.close();
    expect(calls).toMatchObject([["close", { code: 1005 }]]);
  });

  test("tells how the client closed, once it has", async () => {
    const { peer, connection } = await connected();
    const closed = peer.closed();
    expect(await soon(closed)).toBe("hangs");
    connection.close(4001, "bye");
    expect(await closed).toEqual({ code: 4001, reason: "bye" });
  });

  test.each(["drop", "close"] as const)("is gone after the server's %s", async (how) => {
    const { server, peer, calls } = await connected();
    if (how === "drop") await peer.drop();
    else await server.close();
    expect(calls).toEqual([["close", abnormal]]);
    expect(await peer.closed()).toEqual({ code: 1006, reason: "" });
  });

  test("stalls and goes on", async () => {
    const { peer, connection } = await connected();
    await peer.stall();
    connection.send("held");
    expect(connection.bufferedAmount).toBe(4);
    await peer.unstall();
    expect(connection.bufferedAmount).toBe(0);
    expect(await peer.next()).toBe("held");
  });

  test("takes what piled up little by little, so that a drain is told at its mark", async () => {
    const harness = memoryHarness();
    const server = await harness.server();
    const buffered: number[] = [];
    const connection = harness.transport().connect(
      requestFor(server.url, { highWaterMark: 10_000 }),
      listenerOf((name) => name === "drain" && buffered.push(connection.bufferedAmount)),
    );
    await settled();
    const peer = await server.nextPeer();
    await peer.stall();
    connection.send(new Uint8Array(20_000));
    await peer.unstall();
    expect(buffered).toEqual([20_000 - 3 * 4_096]);
  });
});

test("each server is a new one, and the transport reaches the newest", async () => {
  const harness = memoryHarness();
  const [old, server] = [await harness.server(), await harness.server()];
  const listener = listenerOf(() => {});
  harness.transport().connect(requestFor(server.url), listener);
  expect(await soon(server.nextPeer())).toBeUndefined();
  expect(await soon(old.nextPeer())).toBe("hangs");
});

test("the transport under test is the one that is made of the one in memory", async () => {
  const harness = memoryHarness({
    wrap: (whole) => ({ ...whole, name: `${whole.name}, wrapped` }),
  });
  await harness.server();
  expect(harness.transport().name).toBe("memory, wrapped");
  expect(memoryHarness().transport().name).toBe("memory");
});

test("what the transport cannot do is neither there nor asked for", async () => {
  const capabilities = { ping: false, errors: false };
  expect(memoryHarness({ capabilities }).capabilities).toBe(capabilities);
  expect(memoryHarness().capabilities).toEqual({});
  const { server, dial } = await staged({ capabilities });
  const { calls, connection } = dial({ url: server.nowhere });
  expect(connection.ping).toBeUndefined();
  expect(connection.pause).toBeDefined();
  await settled();
  expect(calls).toEqual([["close", abnormal]]);
});
