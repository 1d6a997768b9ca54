import { describe, expect, test } from "vitest";
import { closing } from "./closing.ts";
import { outcome, type Mutant } from "./test-kit.ts";

const mutants: readonly Mutant[] = [
  {
    does: "forgets our close code",
    in: "close() completes the closing handshake, with our code and reason",
    caught: /close code: expected 4001, got 1000/,
    connection: (connection) => ({ close: (_, reason) => connection.close(1000, reason) }),
  },
  {
    does: "terminates instead of closing",
    in: "close() completes the closing handshake, with our code and reason",
    caught: /close code: expected 1000, got 1006/,
    connection: (connection) => ({ close: () => connection.terminate() }),
  },
  {
    does: "tells our code and sends another",
    in: "close() completes the closing handshake, with our code and reason",
    caught: /close code the server saw: expected 4001, got 1000/,
    listener: (listener, _, notes) => ({
      onClose: (close) => listener.onClose({ ...close, code: Number([...notes][0]) }),
    }),
    connection: (connection, _, __, notes) => ({
      close(code, reason) {
        notes.add(`${code}`);
        connection.close(1000, reason);
      },
    }),
  },
  {
    does: "tells our reason and sends none",
    in: "close() completes the closing handshake, with our code and reason",
    caught: /close reason the server saw: expected 'gone fishing', got ''/,
    listener: (listener, _, notes) => ({
      onClose: (close) => listener.onClose({ ...close, reason: [...notes].join("") }),
    }),
    connection: (connection, _, __, notes) => ({
      close(code, reason) {
        notes.add(reason);
        connection.close(code, "");
      },
    }),
  },
  {
    does: "cuts the longest reason",
    in: "close() completes the closing handshake, with our code and reason",
    caught: /close reason: expected '€/,
    connection: (connection) => ({
      close: (code, reason) => connection.close(code, reason.slice(0, 40)),
    }),
  },
  {
    does: "loses the last message before it closes",
    in: "what was sent before close() arrives before the close frame",
    caught: /The connection ended without another message/,
    connection: (connection) => ({
      send: (message) => void (message === "message 99" || connection.send(message)),
    }),
  },
  {
    does: "takes its own close after messages for a drop",
    in: "what was sent before close() arrives before the close frame",
    caught: /close code: expected 1000, got 1006/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, code: 1006 }) }),
  },
  {
    does: "forgets the server's reason",
    in: "the server's close tells its code and reason",
    caught: /close reason: expected 'fault', got ''/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, reason: "" }) }),
  },
  {
    does: "tells 1000 where the close frame held no code",
    in: "a close frame without a code is 1005",
    caught: /close code: expected 1005, got 1000/,
    listener: (listener) => ({
      onClose: (close) => listener.onClose(close.code === 1005 ? { ...close, code: 1000 } : close),
    }),
  },
  {
    does: "closes before it has told all",
    in: "what the server sent before its close frame is received before onClose",
    caught: /onMessage was called after onClose/,
    listener: (listener) => ({
      onMessage: (message) => queueMicrotask(() => listener.onMessage(message)),
    }),
  },
  {
    does: "drops the last message before the close frame",
    in: "what the server sent before its close frame is received before onClose",
    caught: /messages received: expected 100, got 99/,
    listener: (listener) => ({
      onMessage: (message) => void (message === "message 99" || listener.onMessage(message)),
    }),
  },
  {
    does: "takes the server's close after messages for a drop",
    in: "what the server sent before its close frame is received before onClose",
    caught: /close code: expected 1000, got 1006/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, code: 1006 }) }),
  },
  {
    does: "takes every end for a clean one",
    in: "a drop is 1006 and not clean",
    caught: /wasClean: expected false, got true/,
    listener: (listener) => ({
      onClose: (close) => listener.onClose({ ...close, wasClean: true }),
    }),
  },
  {
    does: "tells a drop as the server's going away",
    in: "a drop is 1006 and not clean",
    caught: /close code: expected 1006, got 1001/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, code: 1001 }) }),
  },
  {
    does: "cannot close where the server closed first",
    in: "both may close at the same time",
    caught: /closed already/,
    listener: (listener, _, notes) => ({
      onClose(close) {
        notes.add("closed");
        listener.onClose(close);
      },
    }),
    connection: (connection, _, __, notes) => ({
      close(code, reason) {
        if (notes.has("closed")) throw new Error("closed already");
        connection.close(code, reason);
      },
    }),
  },
  {
    does: "takes two closes at a time for a drop",
    in: "both may close at the same time",
    caught: /close code: expected 4000, got 1006/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, code: 1006 }) }),
  },
  {
    does: "takes its own drop for a clean end",
    in: "terminate() drops the connection, and nothing but onClose follows",
    caught: /wasClean: expected false, got true/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, wasClean: true }) }),
  },
  {
    does: "delivers messages after terminate",
    in: "terminate() drops the connection, and nothing but onClose follows",
    caught: /onMessage was called after terminate\(\)/,
    connection: (connection, listener) => ({
      terminate() {
        queueMicrotask(() => listener.onMessage("late"));
        connection.terminate();
      },
    }),
  },
  {
    does: "closes instead of terminating",
    in: "terminate() drops the connection, and nothing but onClose follows",
    caught: /close code: expected 1006, got 1000/,
    connection: (connection) => ({ terminate: () => connection.close(1000, "") }),
  },
  {
    does: "terminates a moment later",
    in: "terminate() inside onMessage is obeyed at once",
    caught: /onMessage was called after terminate\(\)/,
    connection: (connection) => ({ terminate: () => queueMicrotask(() => connection.terminate()) }),
  },
  {
    does: "does not close inside onMessage",
    in: "close() inside onMessage completes the closing handshake",
    caught: "hangs",
    listener: (listener, _, notes) => ({
      onMessage(message) {
        notes.add("busy");
        listener.onMessage(message);
        notes.delete("busy");
      },
    }),
    connection: (connection, _, __, notes) => ({
      close: (code, reason) => void (notes.has("busy") || connection.close(code, reason)),
    }),
  },
  {
    does: "throws when closed again",
    in: "close() after close() changes nothing",
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
  {
    does: "tells the code of the last close",
    in: "close() after close() changes nothing",
    caught: /close code: expected 4004, got 4005/,
    listener: (listener, _, notes) => ({
      onClose: (close) => listener.onClose({ ...close, code: Number([...notes].at(-1)) }),
    }),
    connection: (connection, _, __, notes) => ({
      close(code, reason) {
        notes.add(`${code}`);
        connection.close(code, reason);
      },
    }),
  },
  {
    does: "waits for the closing handshake though it is terminated",
    in: "terminate() after close() does not wait for the server",
    caught: "hangs",
    connection: (connection) => {
      let closed = false;
      return {
        close(code, reason) {
          closed = true;
          connection.close(code, reason);
        },
        terminate: () => void (closed || connection.terminate()),
      };
    },
  },
  {
    does: "takes a closing handshake that it broke off for a clean end",
    in: "terminate() after close() does not wait for the server",
    caught: /wasClean: expected false, got true/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, wasClean: true }) }),
  },
  {
    does: "drops the connection for a message after close",
    in: "a message after close() is at most refused",
    caught: /close code.*: expected 1000, got 1006/,
    connection: (connection) => {
      let closed = false;
      return {
        close(code, reason) {
          closed = true;
          connection.close(code, reason);
        },
        send(message) {
          if (closed) connection.terminate();
          return connection.send(message);
        },
      };
    },
  },
  {
    does: "has nothing buffered, not even 0 bytes, after the end",
    in: "calls after the end are harmless",
    caught: /type of bufferedAmount: expected 'number', got 'undefined'/,
    connection: () => ({ bufferedAmount: undefined as unknown as number }),
  },
  {
    does: "throws when terminated again",
    in: "calls after the end are harmless",
    caught: /terminated already/,
    connection: (connection) => {
      let terminated = false;
      return {
        terminate() {
          if (terminated) throw new Error("terminated already");
          terminated = true;
          connection.terminate();
        },
      };
    },
  },
  {
    does: "tells of a second end when it is closed after the first",
    in: "calls after the end are harmless",
    caught: /onClose was called/,
    connection: (connection, listener) => ({
      close(code, reason) {
        listener.onClose({ code, reason, wasClean: false });
        connection.close(code, reason);
      },
    }),
  },
];

describe("the cases about the end fail a transport that", () => {
  test.each(mutants)("$does", async (mutant) => {
    const said = await outcome(mutant);
    expect(said).toMatch(mutant.caught);
  });
});

test("each case about the end fails some transport, and needs nothing that one may lack", () => {
  expect(new Set(mutants.map((mutant) => mutant.in))).toEqual(
    new Set(closing.map(({ name }) => name)),
  );
  expect(closing.filter(({ needs }) => needs)).toEqual([]);
});
