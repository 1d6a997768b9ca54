import { memoryHarness, transportContract } from "@stream-tungstenite/core/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserTransport, webSocketStreamTransport } from "./index.ts";
import { memoryWebSocket } from "./testing/memory-web-socket.ts";
import { memoryWebSocketStream } from "./testing/memory-web-socket-stream.ts";

afterEach(() => vi.unstubAllGlobals());

const hidden = { ping: false, flush: false, activity: false, errors: false };

describe("browserTransport keeps the transport contract", () => {
  const cases = transportContract(
    memoryHarness({
      wrap: (memory) => browserTransport({ WebSocket: memoryWebSocket(memory) }),
      capabilities: { ...hidden, pause: false },
    }),
  );
  test("as far as the platform lets it", () => {
    expect(cases.flatMap(({ skip }) => skip ?? []).toSorted()).toEqual([
      "the transport lacks activity",
      "the transport lacks errors",
      ...Array.from({ length: 3 }, () => "the transport lacks flush"),
      ...Array.from({ length: 3 }, () => "the transport lacks pause"),
      "the transport lacks ping",
    ]);
  });
  for (const { name, run } of cases.filter(({ skip }) => skip === undefined)) test(name, run);
});

describe("webSocketStreamTransport keeps the transport contract, pausing included", () => {
  const cases = transportContract(
    memoryHarness({
      wrap(memory) {
        vi.stubGlobal("WebSocketStream", memoryWebSocketStream(memory));
        return webSocketStreamTransport();
      },
      capabilities: hidden,
    }),
  );
  for (const { name, run } of cases.filter(({ skip }) => skip === undefined)) test(name, run);
});
