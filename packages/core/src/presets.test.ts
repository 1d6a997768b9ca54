import { expect, test } from "vitest";
import { createClient, fastReconnect, lowLatency, stableConnection } from "./index.ts";
import { memoryServer, memoryTransport } from "./testing/index.ts";

test("presets hold what their names promise", () => {
  expect({ fastReconnect, stableConnection, lowLatency }).toEqual({
    fastReconnect: {
      receiveTimeout: 10_000,
      connectTimeout: 10_000,
      noDelay: true,
      receiveBuffer: 512,
    },
    stableConnection: {
      receiveTimeout: 60_000,
      connectTimeout: 60_000,
      noDelay: false,
      receiveBuffer: 128,
    },
    lowLatency: {
      receiveTimeout: 5_000,
      connectTimeout: 5_000,
      noDelay: true,
      receiveBuffer: 512,
    },
  });
});

test.each([fastReconnect, stableConnection, lowLatency])(
  "a preset can be spread (%#)",
  (preset) => {
    const server = memoryServer();
    const plugins = [memoryTransport(server)];
    expect(createClient({ ...preset, url: server.url, plugins }).state.status).toBe("idle");
  },
);
