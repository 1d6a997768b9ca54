import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { serve } from "rig/serve";
import { expect, test } from "vitest";
import { atEndOfTurn } from "./clock.ts";
import { nodeTransport } from "./index.ts";
import { dial } from "./testing/dial.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("an open connection holds on to nothing that only its dial needed", async () => {
  const server = await serve();
  let signal: WeakRef<AbortSignal> | undefined;
  const transport = nodeTransport({
    headers(context) {
      signal = new WeakRef(context.signal);
      return {};
    },
  });
  const { connection, opened } = dial(transport, server.url);
  await opened;
  // What a weak reference has told is kept until the turn is over.
  await server.peers.take();
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  collect();
  expect(signal?.deref()).toBeUndefined();
  expect(connection.phase).toBe("upgrade");
});

test("a dial that is given up never opens, at whatever moment that happens", async () => {
  const server = await serve();
  for (let moment = 0; moment < 40; moment++) {
    const { connection, opened, closed } = dial(nodeTransport(), server.url);
    for (let i = 0; i < moment; i++) await Promise.resolve();
    connection.terminate();
    await expect(opened).rejects.toMatchObject({ name: "ConnectError" });
    await closed;
  }
});
