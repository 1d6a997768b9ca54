import { expect, test } from "vitest";
import { createClient } from "../index.ts";
import { eventNames, memoryServer, memoryTransport } from "./index.ts";

test("every event that a client's life has is named, each once", async () => {
  const server = memoryServer();
  const client = createClient({ url: server.url, plugins: [memoryTransport(server)] });
  const told = new Set<string>();
  for (const name of eventNames) client.on(name, () => told.add(name));
  await client.connect();
  server.peer.send("hello");
  await client.close();
  expect([...told].toSorted()).toEqual([
    "closed",
    "connected",
    "connecting",
    "disconnected",
    "message",
    "open",
    "shutdown",
    "state",
  ]);
  expect(new Set(eventNames).size).toBe(eventNames.length);
});
