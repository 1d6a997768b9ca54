import { describe, expect, test, vi } from "vitest";
import { WebSocket as WsWebSocket } from "ws";
import { headersFault, takesHeaders } from "./headers.ts";
import type { BrowserHeaders } from "./options.ts";
import { fakeDial } from "./testing/fake-web-socket.ts";
import type { WebSocketClass } from "./web-socket.ts";

const fault = (name: string): string =>
  `${JSON.stringify(name)} or its value is not text for a header`;

describe("headersFault", () => {
  test.each<[string, unknown, string[]]>([
    ["none", undefined, []],
    ["no entry", {}, []],
    ["tokens", { authorization: "Bearer a", "x-1_!#$%&'*+-.^`|~": "\t é " }, []],
    ["null", null, ["a plain object is needed, not [object Null]"]],
    ["a string", "authorization: x", ["a plain object is needed, not [object String]"]],
    ["a Headers", new Headers({ a: "b" }), ["a plain object is needed, not [object Headers]"]],
    ["a Map", new Map([["a", "s3cret\n"]]), ["a plain object is needed, not [object Map]"]],
    ["a list", [["a", "b"]], ["a plain object is needed, not [object Array]"]],
    ["a promise", Promise.resolve({}), ["a plain object is needed, not [object Promise]"]],
    ["an object without prototype", Object.assign(Object.create(null), { a: "b" }), []],
    ["a value that is no string", { a: 1 }, [fault("a")]],
    ["a list of values", { a: ["x"] }, [fault("a")]],
    ["a line break", { a: "s3cret\r\nx: y" }, [fault("a")]],
    ["a character beyond Latin-1", { a: "€" }, [fault("a")]],
    ["a name with a space", { "a b": "x" }, [fault("a b")]],
    ["no name", { "": "x" }, [fault("")]],
    [
      "what the opening handshake sets itself",
      { Connection: "x", UPGRADE: "x", "Sec-WebSocket-Key": "x" },
      ["Connection", "UPGRADE", "Sec-WebSocket-Key"].map(
        (name) => `"${name}" is set by the opening handshake`,
      ),
    ],
  ])("%s", (_, headers, faults) => {
    expect(headersFault(headers)).toBe(faults.join("; "));
  });
});

describe("takesHeaders", () => {
  test("is true for the WebSocket of Node, Bun and Deno, wherever there is one", () => {
    const { WebSocket } = globalThis;
    expect(WebSocket === undefined || takesHeaders(WebSocket as unknown as WebSocketClass)).toBe(
      true,
    );
  });

  test("is false for that of a browser, which takes the object for a subprotocol", () => {
    const opened = vi.fn<(url: string) => void>();
    function BrowserWebSocket(url: string, protocols: { toString(): string }): object {
      protocols.toString();
      if (!/^wss?:/.test(url)) throw new SyntaxError("The URL's scheme must be 'ws' or 'wss'");
      opened(url);
      return {};
    }
    expect(takesHeaders(BrowserWebSocket as unknown as WebSocketClass)).toBe(false);
    expect(opened).not.toHaveBeenCalled();
  });

  test("is false for that of ws, which would lose the subprotocols", () => {
    expect(takesHeaders(WsWebSocket as unknown as WebSocketClass)).toBe(false);
  });

  test("leaves nothing behind of a class that refuses no URL", () => {
    const close = vi.fn<() => void>();
    const made = vi.fn<() => object>(function () {
      return { close };
    });
    expect(takesHeaders(made as unknown as WebSocketClass)).toBe(false);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test("asks React Native's nothing, for its native half would stumble over the URL", () => {
    const made = vi.fn<() => object>(function () {
      return {};
    });
    vi.stubGlobal("navigator", { product: "ReactNative" });
    try {
      expect(takesHeaders(made as unknown as WebSocketClass)).toBe(false);
      expect(made).not.toHaveBeenCalled();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("headers on a dial", () => {
  const protocols = ["v2", "v1"];

  test("without them the constructor gets the subprotocols alone", () => {
    expect(fakeDial({ protocols }).socket.init).toEqual(protocols);
    expect(fakeDial({ protocols, headers: async () => undefined }).sockets).toEqual([]);
  });

  test("with them it gets both", () => {
    const headers = { authorization: "Bearer s3cret" };
    expect(fakeDial({ protocols, headers }).socket.init).toEqual({ headers, protocols });
  });

  test("a function is asked on every attempt, and may take its time", async () => {
    const headers = vi.fn<(context: object) => Promise<BrowserHeaders>>(async () => ({ a: "1" }));
    const { signal } = new AbortController();
    const dial = fakeDial({ protocols, headers, signal, attempt: 3 });
    expect(dial.sockets).toEqual([]);
    await dial.clock.settle();
    expect(headers.mock.calls).toEqual([[{ attempt: 3, signal }]]);
    expect(dial.socket.init).toEqual({ headers: { a: "1" }, protocols });
  });

  test("a function may have none to give", async () => {
    const dial = fakeDial({ protocols, headers: () => undefined });
    await dial.clock.settle();
    expect(dial.socket.init).toEqual(protocols);
  });

  test.each<[string, () => never, object]>([
    [
      "an error",
      () => {
        throw new Error("no token");
      },
      { retryable: true, message: expect.stringMatching(/failed: option 'headers': no token$/) },
    ],
    [
      "an error for good",
      () => {
        throw Object.assign(new Error("signed out"), { retryable: false });
      },
      { retryable: false },
    ],
    [
      "a message that is no text",
      () => {
        throw { message: 7 };
      },
      { retryable: true, message: expect.stringMatching(/option 'headers': 7$/) },
    ],
    [
      "a text",
      () => {
        throw "token service down";
      },
      {
        retryable: true,
        message: expect.stringMatching(/option 'headers': token service down$/),
        cause: { message: "token service down", cause: "token service down" },
      },
    ],
    [
      "a text with a URL",
      () => {
        throw "no answer from http://me:s3cret@auth.test/?key=s3cret";
      },
      {
        message: expect.stringMatching(
          /option 'headers': no answer from http:\/\/\*{3}@auth\.test\/\?key=\*{3}$/,
        ),
        cause: expect.not.objectContaining({ cause: expect.anything() }),
      },
    ],
    [
      "what is no error",
      () => {
        throw null;
      },
      {
        retryable: true,
        message: expect.stringMatching(/option 'headers': it failed without an error$/),
      },
    ],
  ])("a function that throws fails the attempt, after connect: %s", async (_, headers, error) => {
    for (const given of [headers, async () => headers()]) {
      const { told, clock, sockets } = fakeDial({ headers: given });
      expect(told.calls).toEqual([]);
      await clock.settle();
      expect(told.calls).toEqual(["close"]);
      expect(told.error).toMatchObject({ code: "CONNECT", phase: "options", ...error });
      expect(sockets).toEqual([]);
    }
  });

  test("what a function returns is checked, and its values are not shown", async () => {
    const { told, clock, sockets } = fakeDial({ headers: () => ({ a: "s3cret\n" }) });
    await clock.settle();
    expect(told.error).toMatchObject({ phase: "options", retryable: false });
    expect(told.error.message).toContain(fault("a"));
    expect(JSON.stringify([told.error.message, told.error.cause])).not.toContain("s3cret");
    expect(sockets).toEqual([]);
  });

  test.each<[string, object]>([
    ["Headers", new Headers({ a: "b" })],
    ["Map", new Map([["a", "b"]])],
  ])("a function cannot return a %s, whose entries nobody could check", async (kind, headers) => {
    const { told, clock, sockets } = fakeDial({ headers: () => headers as BrowserHeaders });
    await clock.settle();
    expect(told.error).toMatchObject({ phase: "options", retryable: false });
    expect(told.error.message).toContain(`a plain object is needed, not [object ${kind}]`);
    expect(sockets).toEqual([]);
  });

  test("no socket is made for a dial that was given up while the function was asked", async () => {
    const { connection, told, clock, sockets } = fakeDial({ headers: async () => ({ a: "1" }) });
    connection.terminate();
    await clock.settle();
    expect(told.calls).toEqual(["close"]);
    expect(sockets).toEqual([]);
  });
});
