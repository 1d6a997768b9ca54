import { describe, expect, test } from "vitest";
import { ConnectError } from "../../errors.ts";
import type { ConnectionListener } from "../../transport.ts";
import { opening } from "./opening.ts";
import { outcome, type Mutant } from "./test-kit.ts";

type ConnectErrorOptions = ConstructorParameters<typeof ConnectError>[1];

/** Tells of another error than the one of a failed dial. */
function failing(
  listener: ConnectionListener,
  change: (error: ConnectError) => Partial<ConnectErrorOptions> & { readonly message?: string },
): Partial<ConnectionListener> {
  return {
    onClose(close) {
      const { error } = close;
      if (!(error instanceof ConnectError)) return listener.onClose(close);
      const { phase, status, retryAfter, retryable } = error;
      const { message = error.message, ...changed } = change(error);
      const options = { phase, status, retryAfter, retryable, ...changed };
      listener.onClose({ ...close, error: new ConnectError(message, options) });
    },
  };
}

const mutants: readonly Mutant[] = [
  {
    does: "calls onOpen twice",
    in: "opens once, with no subprotocol where none was offered",
    caught: /onOpen was called twice/,
    listener: (listener) => ({
      onOpen(info) {
        listener.onOpen(info);
        listener.onOpen(info);
      },
    }),
  },
  {
    does: "invents a subprotocol",
    in: "opens once, with no subprotocol where none was offered",
    caught: /protocol: expected '', got 'chat'/,
    listener: (listener) => ({ onOpen: (info) => listener.onOpen({ ...info, protocol: "chat" }) }),
  },
  {
    does: "tells of no extensions as nothing",
    in: "opens once, with no subprotocol where none was offered",
    caught: /type of extensions: expected 'string', got 'undefined'/,
    listener: (listener) => ({
      onOpen: (info) => listener.onOpen({ ...info, extensions: undefined as unknown as string }),
    }),
  },
  {
    does: "counts its own handshake as buffered",
    in: "opens once, with no subprotocol where none was offered",
    caught: /bufferedAmount after open: expected 0, got 200/,
    connection: () => ({ bufferedAmount: 200 }),
  },
  {
    does: "tells the first subprotocol offered",
    in: "tells the subprotocol that the server chose",
    caught: /protocol: expected 'second.v2', got 'first.v1'/,
    listener: (listener, { protocols }) => ({
      onOpen: (info) => listener.onOpen({ ...info, protocol: protocols[0] ?? "" }),
    }),
  },
  ...[[], ["first.v1"], ["second.v2"]].map((protocols): Mutant => ({
    does: `offers the subprotocols [${protocols.join()}], whatever is requested`,
    in: "tells the subprotocol that the server chose",
    caught: /protocol: expected '(first.v1|second.v2)', got ''/,
    request: { protocols },
  })),
  {
    does: "calls onOpen late",
    in: "a message that comes with the server's answer is received after onOpen",
    caught: /onMessage was called before onOpen/,
    listener: (listener) => ({
      onOpen: (info) => queueMicrotask(() => queueMicrotask(() => listener.onOpen(info))),
    }),
  },
  {
    does: "loses what comes with the server's answer",
    in: "a message that comes with the server's answer is received after onOpen",
    caught: "hangs",
    listener: () => ({ onMessage: () => {} }),
  },
  {
    does: "claims a ping it does not have",
    in: "has the methods it claims and none it cannot serve",
    caught: /type of ping: expected 'function', got 'undefined'/,
    lacks: { ping: false },
  },
  {
    does: "pauses and cannot resume",
    in: "has the methods it claims and none it cannot serve",
    caught: /type of resume: expected 'function', got 'undefined'/,
    connection: () => ({ resume: undefined }),
  },
  (() => {
    let first: ConnectionListener | undefined;
    return {
      does: "tells the first connection of all messages",
      in: "one transport keeps several connections apart",
      caught: /messages of the first: expected 0, got 2/,
      listener: (listener) => ({
        onMessage(message) {
          if (first !== listener) first?.onMessage(message);
          listener.onMessage(message);
        },
        onOpen(info) {
          first ??= listener;
          listener.onOpen(info);
        },
      }),
    };
  })(),
  {
    does: "never calls onClose after a failed dial",
    in: "a refused TCP connection ends with onClose alone",
    caught: "hangs",
    listener: () => ({ onClose: () => {} }),
  },
  {
    does: "opens what it cannot reach before it closes it",
    in: "a refused TCP connection ends with onClose alone",
    caught: /onOpen: expected undefined, got \[object Object\]/,
    listener: (listener) => ({
      onClose(close) {
        listener.onOpen({ protocol: "", extensions: "" });
        listener.onClose(close);
      },
    }),
  },
  {
    does: "keeps the errors of failed dials to itself",
    in: "a refused TCP connection ends with onClose alone",
    caught: /A failed dial's error is no ConnectError/,
    lacks: { errors: false },
  },
  {
    does: "does not know how far a dial got",
    in: "a refused TCP connection ends with onClose alone",
    caught: /phase: expected 'tcp', got 'unknown'/,
    listener: (listener) => failing(listener, () => ({ phase: "unknown" })),
  },
  {
    does: "takes a refused dial for a clean end",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /wasClean: expected false, got true/,
    listener: (listener) => ({ onClose: (it) => listener.onClose({ ...it, wasClean: true }) }),
  },
  {
    does: "takes an HTTP refusal for one of TCP",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /phase: expected 'upgrade', got 'tcp'/,
    listener: (listener) => failing(listener, () => ({ phase: "tcp" })),
  },
  {
    does: "forgets the HTTP status",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /status: expected 503, got undefined/,
    listener: (listener) => failing(listener, () => ({ status: undefined })),
  },
  {
    does: "takes every refusal for one for good",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /retryable: expected true, got false/,
    listener: (listener) => failing(listener, () => ({ retryable: false })),
  },
  {
    does: "forgets Retry-After",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /retryAfter: expected 7000, got undefined/,
    listener: (listener) => failing(listener, () => ({ retryAfter: undefined })),
  },
  {
    does: "tells Retry-After in seconds",
    in: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    caught: /retryAfter: expected 7000, got 7$/,
    listener: (listener) =>
      failing(listener, ({ retryAfter }) => ({ retryAfter: retryAfter! / 1_000 })),
  },
  {
    does: "takes every refusal for one of the server's faults",
    in: "an HTTP refusal for good is not worth a retry",
    caught: /status: expected 404, got 500/,
    listener: (listener) => failing(listener, () => ({ status: 500 })),
  },
  {
    does: "invents a Retry-After",
    in: "an HTTP refusal for good is not worth a retry",
    caught: /retryAfter: expected undefined, got 0/,
    listener: (listener) => failing(listener, () => ({ retryAfter: 0 })),
  },
  {
    does: "takes every refusal for a passing one",
    in: "an HTTP refusal for good is not worth a retry",
    caught: /retryable: expected false, got true/,
    listener: (listener) => failing(listener, () => ({ retryable: true })),
  },
  {
    does: "takes a dropped handshake for a refusal for good",
    in: "a drop during the opening handshake ends with onClose alone",
    caught: /retryable: expected true, got false/,
    listener: (listener) => failing(listener, () => ({ retryable: false })),
  },
  {
    does: "quotes the URL in an error",
    in: "no error of a dial quotes the query of its URL",
    caught: /An error quotes the query: ConnectError/,
    listener: (listener, { url }) => failing(listener, () => ({ message: `Cannot reach ${url}` })),
  },
  {
    does: "quotes the URL in the cause of an error",
    in: "no error of a dial quotes the query of its URL",
    caught: /An error quotes the query: TypeError/,
    listener: (listener, { url }) =>
      failing(listener, () => ({ cause: new TypeError(`Bad: ${url}`) })),
  },
  (() => {
    let failed = false;
    return {
      does: "gives up after the first failure",
      in: "dials again after a failure",
      caught: /Closed with 1006 while waiting for onOpen/,
      listener: (listener) => ({
        onClose(close) {
          failed = true;
          listener.onClose(close);
        },
      }),
      connection: (connection) => void (failed && connection.terminate()),
    };
  })(),
  {
    does: "opens a dial that was closed",
    in: "close() straight after connect ends the dial",
    caught: /onOpen was called after close\(\) before open/,
    connection: (connection, listener) => ({
      close(code, reason) {
        queueMicrotask(() => listener.onOpen({ protocol: "", extensions: "" }));
        connection.close(code, reason);
      },
    }),
  },
  {
    does: "opens a dial that was terminated",
    in: "terminate() straight after connect ends the dial",
    caught: /onOpen was called after terminate\(\)/,
    connection: (connection, listener) => ({
      terminate() {
        queueMicrotask(() => listener.onOpen({ protocol: "", extensions: "" }));
        connection.terminate();
      },
    }),
  },
  ...(["close", "terminate"] as const).map((method): Mutant => ({
    does: `waits for the server's answer before ${method}() ends a dial`,
    in: `${method}() while the server does not answer ends the dial`,
    caught: "hangs",
    connection: () => ({ [method]: () => {} }),
  })),
  ...([undefined, "unknown"] as const).map((phase): Mutant => ({
    does: `tells '${phase}' of how far a dial has come`,
    in: "close() while the server does not answer ends the dial",
    caught: /phase: it tells none/,
    connection: () => ({ phase }),
  })),
  {
    does: "ignores the request's signal",
    in: "aborting the request's signal ends the dial",
    caught: "hangs",
    request: { signal: new AbortController().signal },
  },
  {
    does: "throws for a signal that is aborted already",
    in: "a signal that is aborted already ends the dial",
    caught: /no longer wanted/,
    listener(_, { signal }) {
      signal.throwIfAborted();
      return {};
    },
  },
  {
    does: "waits for a signal that is aborted already to be aborted",
    in: "a signal that is aborted already ends the dial",
    caught: "hangs",
    request: { signal: new AbortController().signal },
  },
  {
    does: "obeys the request's signal for ever",
    in: "aborting the request's signal after open changes nothing",
    caught: /The connection ended without another message|not taken: the connection is closed/,
    connection(connection, _, { signal }) {
      signal.addEventListener("abort", () => connection.terminate());
    },
  },
];

describe("the cases about dials fail a transport that", () => {
  test.each(mutants)("$does", async (mutant) => {
    const said = await outcome(mutant);
    expect(said).toMatch(mutant.caught);
  });
});

test("each case about dials fails some transport", () => {
  expect(new Set(mutants.map((mutant) => mutant.in))).toEqual(
    new Set(opening.map(({ name }) => name)),
  );
});

test("only the case that is about nothing else needs errors", () => {
  expect(opening.filter(({ needs }) => needs)).toMatchObject([
    { name: "an HTTP refusal for good is not worth a retry", needs: ["errors"] },
  ]);
});
