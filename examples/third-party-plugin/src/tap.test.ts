import { createClient } from "@stream-tungstenite/core";
import {
  manualClock,
  memoryHarness,
  memoryServer,
  memoryTransport,
  transportContract,
  type ContractCapabilities,
} from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { tap } from "./index.ts";

const poor: ContractCapabilities = { ping: false, pause: false, flush: false, errors: false };

describe.each([
  ["around a transport that can do everything", {}],
  ["around one that can do little", poor],
])("tap keeps the transport contract %s", (_, capabilities) => {
  const harness = memoryHarness({ wrap: tap, capabilities });
  // What the transport within cannot do is not asked of the tap.
  const cases = transportContract(harness).filter(({ skip }) => skip === undefined);
  for (const { name, run } of cases) test(name, run);
});

test.each([
  ["all", {}, "function"],
  ["none", poor, "undefined"],
])("it has the abilities of the transport within: %s", (_, capabilities, type) => {
  const server = memoryServer();
  const { signal } = new AbortController();
  const nobody = (): void => {};
  const connection = tap(memoryTransport(server, capabilities)).connect(
    { url: server.url, protocols: [], noDelay: true, highWaterMark: 1, attempt: 0, signal },
    {
      onOpen: nobody,
      onMessage: nobody,
      onClose: nobody,
      onDrain: nobody,
      onPong: nobody,
      onActivity: nobody,
    },
  );
  const { ping, pause, resume, flush } = connection;
  expect([ping, pause, resume, flush].map((ability) => typeof ability)).toEqual(
    Array.from({ length: 4 }, () => type),
  );
  connection.terminate();
});

test("what goes over the sockets is counted", async () => {
  const clock = manualClock();
  const server = memoryServer();
  const transport = tap(memoryTransport(server));
  const client = createClient({ url: server.url, plugins: [transport], clock });
  void client.connect();
  await clock.settle();
  client.send("one");
  client.send("two");
  server.peer.send("three");
  server.drop();
  await clock.advance(60_000);
  expect(transport.traffic).toEqual({ sent: 2, received: 1, sockets: 2 });
  await client.close();
});
