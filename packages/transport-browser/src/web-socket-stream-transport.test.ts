import type { Transport } from "@stream-tungstenite/core";
import { faultsOf } from "rig";
import { afterEach, describe, expect, test, vi } from "vitest";
import { webSocketStreamTransport, type WebSocketStreamTransportOptions } from "./index.ts";
import { FakeWebSocketStream } from "./testing/fake-web-socket-stream.ts";
import { Recorder, request } from "./testing/recorder.ts";

afterEach(() => vi.unstubAllGlobals());

const fallback: Transport = {
  name: "fallback",
  connect: () => expect.unreachable("nobody dials"),
};

/** What is wrong with these options. */
const faults = (options: unknown): readonly string[] =>
  faultsOf(() => webSocketStreamTransport(options as WebSocketStreamTransportOptions));

describe("where there is WebSocketStream", () => {
  test("it is used, and the fallback is not", () => {
    vi.stubGlobal("WebSocketStream", FakeWebSocketStream);
    const transport = webSocketStreamTransport({ fallback });
    expect(transport.name).toBe("websocketstream");
    const connection = transport.connect(request(), new Recorder());
    expect(connection).toHaveProperty("pause");
    expect(connection).toHaveProperty("resume");
    expect(connection).not.toHaveProperty("ping");
    connection.terminate();
  });

  test("the transport is called as it is told", () => {
    vi.stubGlobal("WebSocketStream", FakeWebSocketStream);
    expect(webSocketStreamTransport({ name: "feed" }).name).toBe("feed");
  });
});

describe("where there is none", () => {
  test("the fallback itself serves, with all hooks it may have", () => {
    vi.stubGlobal("WebSocketStream", undefined);
    expect(webSocketStreamTransport({ fallback })).toBe(fallback);
  });

  test("the error says what to do", () => {
    vi.stubGlobal("WebSocketStream", undefined);
    expect(faults({})).toEqual([
      "fallback: there is no WebSocketStream here; give browserTransport(), for instance",
    ]);
  });
});

test.each([
  [null, ["options: an object is needed, not null"]],
  [{ fallback: {} }, ["fallback: a transport is needed, not an object"]],
  [{ fallback: null }, ["fallback: a transport is needed, not null"]],
  [
    { headers: {}, name: 1 },
    ["name: a text that is not empty is needed, not 1", "headers: there is no such option"],
  ],
])("refuses what can be no options, all faults at once: %j", (options, expected) => {
  vi.stubGlobal("WebSocketStream", FakeWebSocketStream);
  expect(faults(options)).toEqual(expected);
});
