import { describe, expect, test } from "vitest";
import type { Transport } from "../plugin.ts";
import type { Connection, ConnectionListener, ConnectRequest } from "../transport.ts";
import { memoryHarness, transportContract, type ContractCapabilities } from "./index.ts";

interface Mutant {
  /** What the broken transport does. */
  readonly does: string;
  /** The rule that tells, as the kit words it; `hangs` where a callback never comes. */
  readonly caught: RegExp | "hangs";
  /** What it cannot do though it claims to. */
  readonly lacks?: ContractCapabilities;
  /** Whether it passes the request's signal on. */
  readonly signal?: AbortSignal;
  readonly listener?: (
    listener: ConnectionListener,
    request: ConnectRequest,
  ) => Partial<ConnectionListener>;
  readonly connection?: (
    connection: Connection,
    listener: ConnectionListener,
  ) => Partial<Connection> | void;
}

let inside = false;

const mutants: readonly Mutant[] = [
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
    does: "calls onOpen late",
    caught: /before onOpen/,
    listener: (listener) => {
      let opened = (): void => {};
      return {
        onOpen(info) {
          opened = () => listener.onOpen(info);
          queueMicrotask(() => queueMicrotask(opened));
        },
        onMessage(message) {
          listener.onMessage(message);
        },
      };
    },
  },
  {
    does: "calls before connect has returned",
    caught: /inside connect/,
    connection: (_, listener) => listener.onOpen({ protocol: "", extensions: "" }),
  },
  {
    does: "never calls onClose after a failed dial",
    caught: "hangs",
    listener: (listener, { url }) => ({
      onClose: (close) => (url.includes("nowhere") ? undefined : listener.onClose(close)),
    }),
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
    does: "calls inside the getter of bufferedAmount",
    caught: /inside bufferedAmount/,
    connection: (connection, listener) => ({
      get bufferedAmount() {
        listener.onDrain();
        return connection.bufferedAmount;
      },
    }),
  },
  {
    does: "swallows an empty message",
    caught: "hangs",
    connection: (connection) => ({
      send: (message) => (message.length === 0 ? 0 : connection.send(message)),
    }),
  },
  {
    does: "sends the whole buffer of a view",
    caught: /what the server received: expected 50 bytes \[7 8 .*, got 100 bytes \[0 1/,
    connection: (connection) => ({
      send(message) {
        connection.send(typeof message === "string" ? message : new Uint8Array(message.buffer));
      },
    }),
  },
  {
    does: "receives bytes as an ArrayBuffer",
    caught: /expected a Uint8Array, got \[object ArrayBuffer\]/,
    listener: (listener) => ({
      onMessage: (message) =>
        listener.onMessage(
          typeof message === "string"
            ? message
            : (message.buffer.slice(0) as unknown as Uint8Array),
        ),
    }),
  },
  {
    does: "cuts what is beyond the basic plane",
    caught: /what the client received/,
    listener: (listener) => ({
      onMessage: (message) =>
        listener.onMessage(
          typeof message === "string" ? message.replace(/[\ud800-\udfff]/g, "?") : message,
        ),
    }),
  },
  {
    does: "swaps two messages that arrive together",
    caught: /what the client received|message/,
    listener: (listener) => {
      let kept: (() => void) | undefined;
      return {
        onMessage(message) {
          const release = kept;
          if (release) {
            kept = undefined;
            listener.onMessage(message);
            release();
            return;
          }
          kept = () => listener.onMessage(message);
          queueMicrotask(() => {
            kept?.();
            kept = undefined;
          });
        },
      };
    },
  },
  {
    does: "counts units instead of bytes",
    caught: /the bytes that send returned/,
    connection: (connection) => ({
      send(message) {
        connection.send(message);
        return message.length;
      },
    }),
  },
  {
    does: "counts the bytes received wrongly",
    caught: /onMessage said 1 bytes of a message of 0/,
    listener: (listener) => ({
      onMessage: (message) => listener.onMessage(message, message.length + 1),
    }),
  },
  {
    does: "forgets our close code",
    caught: /close code/,
    connection: (connection) => ({ close: (_, reason) => connection.close(1000, reason) }),
  },
  {
    does: "terminates instead of closing",
    caught: /close code/,
    connection: (connection) => ({ close: () => connection.terminate() }),
  },
  {
    does: "tells 1000 where the close frame held no code",
    caught: /close code: expected 1005, got 1000/,
    listener: (listener) => ({
      onClose: (close) => listener.onClose(close.code === 1005 ? { ...close, code: 1000 } : close),
    }),
  },
  {
    does: "takes every end for a clean one",
    caught: /wasClean: expected false, got true/,
    listener: (listener) => ({
      onClose: (close) => listener.onClose({ ...close, wasClean: true }),
    }),
  },
  {
    does: "delivers messages after terminate",
    caught: /onMessage was called after terminate/,
    connection: (connection, listener) => ({
      terminate() {
        queueMicrotask(() => listener.onMessage("late"));
        connection.terminate();
      },
    }),
  },
  {
    does: "opens a dial that was given up",
    caught: /onOpen was called after close\(\) before open/,
    connection: (connection, listener) => ({
      close(code, reason) {
        queueMicrotask(() => listener.onOpen({ protocol: "", extensions: "" }));
        connection.close(code, reason);
      },
    }),
  },
  {
    does: "ignores the request's signal",
    caught: "hangs",
    signal: new AbortController().signal,
  },
  {
    does: "keeps the errors of failed dials to itself",
    caught: /is no ConnectError/,
    lacks: { errors: false },
  },
  {
    does: "claims a ping it does not have",
    caught: /type of ping/,
    lacks: { ping: false },
  },
  {
    does: "does not pause",
    caught: /messages received while paused/,
    connection: () => ({ pause: () => {} }),
  },
  {
    does: "does not resume",
    caught: "hangs",
    connection: () => ({ resume: () => {} }),
  },
  {
    does: "flushes too early",
    caught: /flushed while nobody read/,
    connection: () => ({ flush: () => Promise.resolve() }),
  },
  {
    does: "never tells of a drain",
    caught: "hangs",
    listener: () => ({ onDrain: () => {} }),
  },
  {
    does: "tells of a drain that was none",
    caught: /onDrain/,
    connection: (connection, listener) => ({
      send(message) {
        queueMicrotask(() => listener.onDrain());
        return connection.send(message);
      },
    }),
  },
  {
    does: "drops the payload of a pong",
    caught: /payload of the pong/,
    listener: (listener) => ({ onPong: () => listener.onPong(new Uint8Array()) }),
  },
  {
    does: "does not tell of the server's ping",
    caught: "hangs",
    listener: () => ({ onActivity: () => {} }),
  },
  {
    does: "closes where a message should come",
    caught: /Closed with 1006 while waiting for message 0/,
    listener: (listener) => ({
      onMessage: () => listener.onClose({ code: 1006, reason: "", wasClean: false }),
    }),
  },
  {
    does: "takes no message inside onMessage",
    caught: /inside onMessage: Error: busy/,
    listener: (listener) => ({
      onMessage(message) {
        inside = true;
        listener.onMessage(message);
        inside = false;
      },
    }),
    connection: (connection) => ({
      send(message) {
        if (inside) throw new Error("busy");
        return connection.send(message);
      },
    }),
  },
  {
    does: "throws when closed again",
    caught: /closed already/,
    connection: (connection) => {
      let closed = false;
      return {
        close(code, reason) {
          if (closed) throw new Error("closed already");
          closed = true;
          connection.close(code, reason);
        },
      };
    },
  },
];

test("a transport that wraps another and changes nothing passes the contract", async () => {
  const wrap = (whole: Transport): Transport => broken(whole, { does: "nothing", caught: "hangs" });
  for (const { name, run } of transportContract(memoryHarness({ wrap }))) {
    expect([name, await soon(run())]).toEqual([name, undefined]);
  }
});

describe("a transport does not pass the contract that", () => {
  for (const mutant of mutants) {
    test(mutant.does, async () => {
      const found: string[] = [];
      const wrap = (whole: Transport): Transport => broken(whole, mutant);
      const harness = {
        ...memoryHarness({ wrap, capabilities: mutant.lacks }),
        capabilities: undefined,
      };
      const { caught } = mutant;
      for (const { run } of transportContract(harness)) {
        const outcome = await soon(run());
        if (outcome === undefined) continue;
        if (caught === "hangs" ? outcome === caught : caught.test(outcome)) return;
        found.push(outcome);
      }
      expect.unreachable(`not caught, but found: ${found.join("\n")}`);
    });
  }
});

function broken(
  whole: Transport,
  { signal, listener: hear, connection: speak }: Mutant,
): Transport {
  return {
    ...whole,
    connect(request, listener) {
      const heard: ConnectionListener = {
        onOpen: (info) => listener.onOpen(info),
        onMessage: (message, bytes) => listener.onMessage(message, bytes),
        onClose: (close) => listener.onClose(close),
        onDrain: () => listener.onDrain(),
        onPong: (payload) => listener.onPong(payload),
        onActivity: () => listener.onActivity(),
        ...hear?.(listener, request),
      };
      const connection = whole.connect({ ...request, signal: signal ?? request.signal }, heard);
      const changed = speak?.(connection, listener) ?? {};
      return new Proxy(connection, {
        get: (target, key) => {
          const member: unknown = Reflect.get(key in changed ? changed : target, key);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
    },
  };
}

/** How a case failed, `hangs` when it does not get on, nothing when it passed. */
async function soon(run: Promise<void>): Promise<string | undefined> {
  const end: { outcome?: string | undefined } = {};
  run.then(
    () => Object.assign(end, { outcome: undefined }),
    (error: unknown) => Object.assign(end, { outcome: String(error) }),
  );
  // All is microtasks here, so that a case that is going to end does so within these.
  for (let turn = 0; turn < 50_000; turn++) {
    await Promise.resolve();
    if ("outcome" in end) return end.outcome;
  }
  return "hangs";
}
