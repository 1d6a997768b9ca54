import { faultsOf } from "rig";
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserTransport, type BrowserTransportOptions } from "./index.ts";
import { FakeWebSocket } from "./testing/fake-web-socket.ts";
import { Recorder, request } from "./testing/recorder.ts";

afterEach(() => vi.unstubAllGlobals());

/** Takes headers, as Node's does. */
class WithHeaders extends FakeWebSocket {
  constructor(url: string, init: { readonly headers?: unknown }) {
    super(url, init);
    void init.headers;
    if (url === "none:") throw new SyntaxError("not a WebSocket URL");
  }
}

/** What is wrong with these options. */
const faults = (options: unknown): readonly string[] =>
  faultsOf(() => browserTransport(options as BrowserTransportOptions));

describe("browserTransport", () => {
  test("is called browser, or as it is told", () => {
    expect(browserTransport({ WebSocket: FakeWebSocket }).name).toBe("browser");
    expect(browserTransport({ WebSocket: FakeWebSocket, name: "feed" }).name).toBe("feed");
  });

  test("takes the global WebSocket, unless it is given one", () => {
    const made = vi.fn<(url: string) => void>();
    const classOf = (name: string): typeof FakeWebSocket =>
      class extends FakeWebSocket {
        constructor(url: string, init: unknown) {
          super(url, init);
          made(name);
        }
      };
    vi.stubGlobal("WebSocket", classOf("global"));
    browserTransport().connect(request(), new Recorder());
    browserTransport({ WebSocket: classOf("given") }).connect(request(), new Recorder());
    expect(made.mock.calls).toEqual([["global"], ["given"]]);
  });

  test("has fresh credentials where headers are a function", () => {
    const WebSocket = WithHeaders;
    expect(browserTransport({ WebSocket }).freshCredentials).toBe(false);
    expect(browserTransport({ WebSocket, headers: {} }).freshCredentials).toBe(false);
    expect(browserTransport({ WebSocket, headers: () => ({}) }).freshCredentials).toBe(true);
  });

  test("says what to do where there is no WebSocket", () => {
    vi.stubGlobal("WebSocket", undefined);
    expect(faults({})).toEqual([
      "WebSocket: there is no global one here; give that of the package 'ws', for instance",
    ]);
  });

  test.each([{ a: "x" }, {}, () => ({})])(
    "says what to do where the WebSocket cannot have headers: %o",
    (headers) => {
      class Browser extends FakeWebSocket {}
      expect(faults({ WebSocket: Browser, headers })).toEqual([
        "headers: this WebSocket cannot have them; put a token into a subprotocol, the URL's query or the first message",
      ]);
    },
  );

  test("lists every fault at once, and no value of a header", () => {
    const headers = { a: "s3cret\n", Upgrade: "x" };
    expect(faults({ WebSocket: FakeWebSocket, headers, name: 7, header: {} })).toEqual([
      'headers: "a" or its value is not text for a header; "Upgrade" is set by the opening handshake',
      "name: a text that is not empty is needed, not 7",
      "header: there is no such option",
    ]);
  });

  test.each([
    [null, ["options: an object is needed, not null"]],
    ["ws://host", ["options: an object is needed, not 'ws://host'"]],
    [{ WebSocket: {} }, ["WebSocket: a function is needed, not an object"]],
    [{ WebSocket: null }, ["WebSocket: a function is needed, not null"]],
    [
      { headers: "x", WebSocket: WithHeaders },
      ["headers: a plain object is needed, not [object String]"],
    ],
    [
      { headers: null, WebSocket: WithHeaders },
      ["headers: a plain object is needed, not [object Null]"],
    ],
    [
      { headers: new Headers({ a: "b" }), WebSocket: WithHeaders },
      ["headers: a plain object is needed, not [object Headers]"],
    ],
    [
      { headers: new Map([["a", "b"]]), WebSocket: WithHeaders },
      ["headers: a plain object is needed, not [object Map]"],
    ],
    [{ constructor: 1, WebSocket: WithHeaders }, ["constructor: there is no such option"]],
    [{ name: "", WebSocket: WithHeaders }, ["name: a text that is not empty is needed, not ''"]],
    [{ name: undefined, headers: undefined, WebSocket: undefined }, []],
  ])("refuses what can be no options: %j", (options, expected) => {
    vi.stubGlobal("WebSocket", WithHeaders);
    expect(faults(options)).toEqual(expected);
  });
});
