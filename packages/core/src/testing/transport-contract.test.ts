import { describe, expect, test } from "vitest";
import { broken, outcome, soon, type Mutant } from "./contract/test-kit.ts";
import { memoryHarness, transportContract } from "./index.ts";

describe("the in-memory transport keeps the contract", () => {
  const cases = transportContract({ ...memoryHarness(), capabilities: undefined });
  test("without an exception", () => expect(cases.filter(({ skip }) => skip)).toEqual([]));
  for (const { name, run } of cases) test(name, run);
});

describe("so does one that can no more than a browser's", () => {
  const capabilities = { ping: false, pause: false, flush: false, errors: false };
  const cases = transportContract(memoryHarness({ capabilities }));
  for (const { name, run } of cases.filter(({ skip }) => skip === undefined)) test(name, run);
});

test("cases that need what the transport lacks say so, and do nothing", async () => {
  const cases = transportContract({
    transport: () => expect.unreachable("no transport is needed"),
    server: () => expect.unreachable("no server is needed"),
    capabilities: { flush: false, drain: false },
  });
  const skipped = cases.filter(({ skip }) => skip !== undefined);
  expect(skipped.map(({ skip }) => skip)).toContain("the transport lacks flush and drain");
  expect(skipped.length).toBeLessThan(cases.length / 2);
  for (const { run } of skipped) await run();
});

test("the names of the cases differ", () => {
  const names = transportContract(memoryHarness()).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("a transport that wraps another and changes nothing passes the contract", async () => {
  const harness = memoryHarness({ wrap: (whole) => broken(whole, {}) });
  for (const { name, run } of transportContract(harness)) {
    expect([name, await soon(run())]).toEqual([name, undefined]);
  }
});

describe("a case frees what it used", () => {
  const closes = async (name: string, wrap: Parameters<typeof broken>[1]): Promise<number> => {
    let closed = 0;
    const harness = memoryHarness({ wrap: (whole) => broken(whole, wrap) });
    const cases = transportContract({
      ...harness,
      async server() {
        const server = await harness.server();
        return {
          ...server,
          close() {
            closed++;
            return server.close();
          },
        };
      },
    });
    await soon(cases.find((each) => each.name === name)!.run());
    return closed;
  };

  test("when it passes", async () => {
    expect(await closes("carries a text both ways", {})).toBe(1);
  });

  test("when it fails, the client's end too", async () => {
    let terminated = 0;
    const cut: Parameters<typeof broken>[1] = {
      connection: (connection) => ({
        send: () => void connection.send("te"),
        terminate() {
          terminated++;
          connection.terminate();
        },
      }),
    };
    expect(await closes("carries a text both ways", cut)).toBe(1);
    expect(terminated).toBe(1);
  });
});

/** The rules that hold in every case, whatever it is about. */
const mutants: readonly Omit<Mutant, "in">[] = [
  {
    does: "calls onClose twice",
    caught: /onClose was called after onClose/,
    listener: (listener) => ({
      onClose(close) {
        listener.onClose(close);
        listener.onClose(close);
      },
    }),
  },
  {
    does: "calls onOpen twice",
    caught: /onOpen was called twice/,
    listener: (listener) => ({
      onOpen(info) {
        listener.onOpen(info);
        listener.onOpen(info);
      },
    }),
  },
  {
    does: "calls before connect has returned",
    caught: /inside connect/,
    connection: (_, listener) => listener.onOpen({ protocol: "", extensions: "" }),
  },
  {
    does: "calls onActivity after onClose",
    caught: /onActivity was called after onClose/,
    listener: (listener) => ({
      onClose(close) {
        listener.onClose(close);
        queueMicrotask(() => listener.onActivity());
      },
    }),
  },
  {
    does: "calls inside send",
    caught: /inside send/,
    connection: (connection, listener) => ({
      send(message) {
        connection.send(message);
        listener.onActivity();
      },
    }),
  },
  {
    does: "calls inside terminate",
    caught: /inside terminate/,
    connection: (connection, listener) => ({
      terminate() {
        listener.onClose({ code: 1006, reason: "", wasClean: false });
        connection.terminate();
      },
    }),
  },
  {
    does: "calls onDrain after terminate",
    caught: /onDrain was called after terminate/,
    connection: (connection, listener) => ({
      terminate() {
        queueMicrotask(() => listener.onDrain());
        connection.terminate();
      },
    }),
  },
];

describe("a transport passes no case at all that", () => {
  const names = ["one transport keeps several connections apart", "carries a text both ways"];
  for (const mutant of mutants) {
    test.each(names)(`${mutant.does}: %s`, async (name) => {
      expect(await outcome({ ...mutant, in: name })).toMatch(mutant.caught);
    });
  }
});

test("a transport passes no case that reads bufferedAmount, if it calls inside that getter", async () => {
  const said = await outcome({
    does: "calls inside the getter of bufferedAmount",
    in: "opens once, with no subprotocol where none was offered",
    caught: /inside bufferedAmount/,
    connection: (connection, listener) => ({
      get bufferedAmount() {
        listener.onDrain();
        return connection.bufferedAmount;
      },
    }),
  });
  expect(said).toMatch(/onDrain was called inside bufferedAmount/);
});
