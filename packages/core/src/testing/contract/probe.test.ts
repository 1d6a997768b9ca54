import { describe, expect, test } from "vitest";
import type { Connection, ConnectionListener, ConnectRequest } from "../../transport.ts";
import { requestFor } from "../test-kit.ts";
import { Probe } from "./probe.ts";
import { soon } from "./test-kit.ts";

const request: ConnectRequest = requestFor("ws://server.test/");
const info = { protocol: "chat", extensions: "" };
const lost = { code: 1006, reason: "", wasClean: false };

/** A probe whose connection notes its calls and, inside each of them, calls `inside`. */
function probing(
  lacks: Partial<Connection> = {},
  inside: (listener: ConnectionListener) => void = () => {},
) {
  const calls: unknown[] = [];
  let listener: ConnectionListener;
  const call =
    (name: string) =>
    (...values: readonly unknown[]): void => {
      calls.push([name, ...values]);
      inside(listener);
    };
  const connection: Connection = {
    get bufferedAmount() {
      inside(listener);
      return 7;
    },
    send: call("send"),
    close: call("close"),
    terminate: call("terminate"),
    ping: call("ping"),
    pause: call("pause"),
    resume: call("resume"),
    async flush() {
      call("flush")();
    },
    ...lacks,
  };
  const probe = new Probe(
    {
      name: "probed",
      connect(asked, it) {
        listener = it;
        calls.push(["connect", asked]);
        return connection;
      },
    },
    request,
  );
  return { probe, calls, listener: probe.recorder, connection };
}

test("dials once, with the request it is given", () => {
  const { probe, calls, connection } = probing();
  expect(calls).toEqual([["connect", request]]);
  expect(probe.connection).toBe(connection);
});

test("passes every call on", async () => {
  const { probe, calls } = probing();
  probe.send("text");
  probe.close();
  probe.close(4000, "enough");
  probe.terminate();
  probe.ping(Uint8Array.of(1));
  probe.pause();
  probe.resume();
  await probe.flush();
  expect(probe.bufferedAmount).toBe(7);
  expect(calls.slice(1)).toEqual([
    ["send", "text"],
    ["close", 1000, ""],
    ["close", 4000, "enough"],
    ["terminate"],
    ["ping", Uint8Array.of(1)],
    ["pause"],
    ["resume"],
    ["flush"],
  ]);
});

const methods: readonly (readonly [name: string, call: (probe: Probe) => unknown])[] = [
  ["send", (probe) => probe.send("text")],
  ["close", (probe) => probe.close()],
  ["terminate", (probe) => probe.terminate()],
  ["ping", (probe) => probe.ping()],
  ["pause", (probe) => probe.pause()],
  ["resume", (probe) => probe.resume()],
  ["flush", (probe) => probe.flush()],
  ["bufferedAmount", (probe) => probe.bufferedAmount],
];

describe("finds a transport at fault that tells of something", () => {
  test("before connect has returned", () => {
    let { faults } = probing().probe.recorder;
    expect(faults).toEqual([]);
    const connect = (_: unknown, listener: ConnectionListener): Connection => {
      listener.onOpen(info);
      return probing().connection;
    };
    ({ faults } = new Probe({ name: "hasty", connect }, request).recorder);
    expect(faults).toEqual(["onOpen was called inside connect"]);
  });

  test.each(methods)("inside %s, and not after it", async (name, call) => {
    let talks = true;
    const { probe, listener } = probing({}, (it) => {
      if (talks) it.onClose(lost);
    });
    listener.onOpen(info);
    await call(probe);
    expect(listener.faults).toEqual([`onClose was called inside ${name}`]);
    talks = false;
    const silent = probing();
    silent.listener.onOpen(info);
    await call(silent.probe);
    silent.listener.onClose(lost);
    expect(silent.listener.faults).toEqual([]);
  });

  test("after a method that has thrown: it is outside then", () => {
    const { probe, listener } = probing({}, () => {
      throw new Error("no");
    });
    listener.onOpen(info);
    expect(() => probe.send("text")).toThrow("no");
    listener.onClose(lost);
    expect(listener.faults).toEqual([]);
  });
});

test("lets nothing follow terminate, or a close before open", () => {
  const told = (end: (probe: Probe) => void, opensFirst: boolean): readonly string[] => {
    const { probe, listener } = probing();
    if (opensFirst) listener.onOpen(info);
    end(probe);
    if (opensFirst) listener.onMessage("late");
    else listener.onOpen(info);
    return listener.faults;
  };
  expect(told((probe) => probe.terminate(), true)).toEqual([
    "onMessage was called after terminate()",
  ]);
  expect(told((probe) => probe.close(), true)).toEqual([]);
  expect(told((probe) => probe.close(), false)).toEqual([
    "onOpen was called after close() before open",
  ]);
  const closedFirst = (probe: Probe): void => {
    probe.close();
    probe.terminate();
  };
  expect(told(closedFirst, false)).toEqual(["onOpen was called after close() before open"]);
});

test("checks the bytes that send returns, where it returns some", () => {
  const sending = (bytes: number | void) => () => probing({ send: () => bytes }).probe.send("é");
  expect(sending(undefined)).not.toThrow();
  expect(sending(2)).not.toThrow();
  expect(sending(1)).toThrow(new Error("the bytes that send returned: expected 2, got 1"));
});

test.each(["ping", "pause", "resume", "flush"] as const)(
  "says that there is no %s rather than fail somehow",
  (method) => {
    const { probe } = probing({ [method]: undefined });
    expect(() => probe[method]()).toThrow(new Error(`The connection has no ${method}`));
  },
);

test("waits for what is told", async () => {
  const { probe, listener } = probing();
  const told = [probe.opened(), probe.message(1), probe.end()] as const;
  expect(await soon(told[0])).toBe("hangs");
  listener.onOpen(info);
  expect(await told[0]).toBe(info);
  listener.onMessage("one");
  expect(await soon(told[1])).toBe("hangs");
  listener.onMessage("two");
  expect(await told[1]).toBe("two");
  expect(await probe.message(0)).toBe("one");
  listener.onClose(lost);
  expect(await told[2]).toBe(lost);
});

test("says which message never came", async () => {
  const { probe, listener } = probing();
  listener.onOpen(info);
  listener.onClose(lost);
  await expect(probe.message(3)).rejects.toThrow("Closed with 1006 while waiting for message 3");
  const unopened = probing();
  unopened.listener.onClose(lost);
  await expect(unopened.probe.opened()).rejects.toThrow("while waiting for onOpen");
});
