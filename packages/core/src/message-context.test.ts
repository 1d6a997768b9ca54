import { expect, test } from "vitest";
import type { WebSocketClient } from "./client.ts";
import type { Link } from "./link.ts";
import { LinkContext } from "./message-context.ts";

test("a context shows its connection as it is now", () => {
  const link = { id: 0, metadata: new Map([["a", 1]]), alive: true };
  const client = {} as WebSocketClient;
  const context = new LinkContext(link as unknown as Link, client, "plugin");
  link.id = 3;
  expect(context).toMatchObject({ connectionId: 3, origin: "plugin", isAlive: true });
  expect(context.client).toBe(client);
  expect(context.metadata).toBe(link.metadata);
  link.alive = false;
  expect(context.isAlive).toBe(false);
});
