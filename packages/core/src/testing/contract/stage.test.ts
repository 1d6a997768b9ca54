import { describe, expect, test } from "vitest";
import type { Transport } from "../../plugin.ts";
import type { ConnectRequest } from "../../transport.ts";
import { memoryHarness } from "../memory-harness.ts";
import { memoryServer, type MemoryServer } from "../memory-server.ts";
import { memoryTransport } from "../memory-transport.ts";
import { settled } from "../test-kit.ts";
import type { ContractServer } from "./harness.ts";
import { eventually, roundTrip, Stage } from "./stage.ts";
import { broken, type Mutant } from "./test-kit.ts";

type Change = Pick<Mutant, "listener" | "connection">;

/** A stage in memory, and the requests of its dials. */
async function staged(change: Change = {}) {
  const requests: ConnectRequest[] = [];
  const harness = memoryHarness({
    wrap: (whole) => {
      const transport = broken(whole, change);
      return {
        ...transport,
        connect(request, listener) {
          requests.push(request);
          return transport.connect(request, listener);
        },
      };
    },
  });
  const server = await harness.server();
  return { stage: new Stage(server, harness.transport(), {}), server, requests };
}

/** A stage on a server that counts its sockets. */
function counted(): { readonly stage: Stage; readonly server: MemoryServer } {
  const server = memoryServer();
  const transport: Transport = memoryTransport(server);
  const { url } = server;
  return { stage: new Stage({ url } as ContractServer, transport, {}), server };
}

test("dials the server, as usual but for what is asked otherwise", async () => {
  const { stage, server, requests } = await staged();
  stage.dial();
  stage.dial({ url: server.nowhere, protocols: ["a"], attempt: 2 });
  const usual = { noDelay: true, highWaterMark: 1_048_576, signal: { aborted: false } };
  expect(requests).toMatchObject([
    { ...usual, url: server.url, protocols: [], attempt: 0 },
    { ...usual, url: server.nowhere, protocols: ["a"], attempt: 2 },
  ]);
  stage.abandon();
});

test("finds the server's end of the connection it opens, not of a dial given up", async () => {
  const { stage } = await staged();
  // It is accepted, and the server's end of it stands first in line.
  stage.dial().terminate();
  const first = await stage.open();
  const second = await stage.open({ protocols: ["a"] });
  first.probe.send("of the first");
  second.probe.send("of the second");
  expect(await second.peer.next()).toBe("of the second");
  expect(await first.peer.next()).toBe("of the first");
  await stage.finish();
});

test("a fence opens, uses and closes a connection of its own", async () => {
  const { stage, requests } = await staged();
  const { probe } = await stage.open();
  await stage.fence();
  expect(requests).toHaveLength(2);
  expect(probe.recorder).toMatchObject({ messages: [], closed: undefined });
  await stage.finish();
});

describe("at its end", () => {
  test("every connection is over, those of fences included", async () => {
    const { stage } = await staged();
    const probes = [(await stage.open()).probe, (await stage.open()).probe];
    probes[0]!.close(4000, "");
    await probes[0]!.end();
    await stage.finish();
    expect(probes.map(({ recorder }) => recorder.closed?.code)).toEqual([4000, 1006]);
  });

  test("a fault found too late for any call to tell is told", async () => {
    let late = (): void => {};
    const { stage } = await staged({
      listener: (listener) => ({
        onMessage(message) {
          late();
          listener.onMessage(message);
        },
      }),
    });
    const { probe } = await stage.open();
    probe.terminate();
    await probe.end();
    // With the message of the connection that stands where a test would sleep.
    late = () => probe.recorder.onActivity();
    await expect(stage.finish()).rejects.toThrow(
      new Error("rules broken: expected '', got 'onActivity was called after onClose'"),
    );
  });
});

test("what is abandoned leaves no socket behind", async () => {
  const { stage, server } = counted();
  server.script((dial) => dial.accept());
  server.onDial(() => {});
  const open = stage.dial();
  await open.opened();
  stage.dial();
  const ended = stage.dial();
  ended.terminate();
  await settled();
  expect(server.live).toBe(2);
  stage.abandon();
  await settled();
  expect(server.live).toBe(0);
  expect(ended.recorder.faults).toEqual([]);
});

describe("a round trip", () => {
  test("goes there and back, behind what came before", async () => {
    const { stage } = await staged();
    const { probe, peer } = await stage.open();
    await peer.send("before");
    await roundTrip(probe, peer);
    expect(probe.recorder.messages).toEqual(["before", "back"]);
    await stage.finish();
  });

  test.each<[string, Change, string]>([
    [
      "there",
      { connection: (it) => ({ send: () => void it.send("elsewhere") }) },
      "what the server received: expected 'there', got 'elsewhere'",
    ],
    [
      "back",
      { listener: (it) => ({ onMessage: () => it.onMessage("forth") }) },
      "what the client received: expected 'back', got 'forth'",
    ],
  ])("fails when something else arrives %s", async (_, change, fault) => {
    const { stage } = await staged(change);
    const { probe, peer } = await stage.open();
    await expect(roundTrip(probe, peer)).rejects.toThrow(fault);
    stage.abandon();
  });
});

describe("what comes eventually", () => {
  test("is waited for turn by turn, no longer than it takes", async () => {
    let turns = 0;
    const turn = async (): Promise<void> => void turns++;
    await eventually("never said", () => true, turn);
    expect(turns).toBe(0);
    await eventually("never said", () => turns === 3, turn);
    expect(turns).toBe(3);
    await eventually("never said", () => turns === 103, turn);
    expect(turns).toBe(103);
  });

  test("fails with its sentence when it does not come in 100 turns", async () => {
    let turns = 0;
    const turn = async (): Promise<void> => void turns++;
    await expect(eventually("It never came", () => false, turn)).rejects.toThrow("It never came");
    expect(turns).toBe(100);
  });
});
