import { expect, test } from "vitest";
import type { WebSocketClient } from "./client.ts";
import type { Link } from "./link.ts";
import { LinkContext } from "./message-context.ts";

test("a context shows its connection as it is now", () => {
  const client = {} as WebSocketClient;
  const link = { id: 0, metadata: new Map([["a", 1]]), alive: true, host: { client } };
  const context = new LinkContext(link as unknown as Link, "plugin");
  link.id = 3;
  expect(context).toMatchObject({ connectionId: 3, origin: "plugin", isAlive: true });
  expect(context.client).toBe(client);
  expect(context.metadata).toBe(link.metadata);
  link.alive = false;
  expect(context.isAlive).toBe(false);
});
