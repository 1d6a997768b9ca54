import type { LookupFunction } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { certificate } from "rig/certificates";
import { serve } from "rig/serve";
import { expect, test } from "vitest";
import { atEndOfTurn } from "./clock.ts";
import { nodeTransport } from "./index.ts";
import { dial } from "./testing/dial.ts";
import { loopback } from "./testing/lookup.ts";

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

test.each([
  ["a dial", undefined],
  ["a dial that asks for its headers", { headers: () => ({}) }],
])("%s that is given up never opens, at whatever moment that happens", async (_, options) => {
  const server = await serve();
  for (let moment = 0; moment < 40; moment++) {
    const { connection, opened, closed } = dial(nodeTransport(options), server.url);
    for (let i = 0; i < moment; i++) await Promise.resolve();
    connection.terminate();
    await expect(opened).rejects.toMatchObject({ name: "ConnectError" });
    await closed;
  }
});

test("an open connection is not ended by the signal of its dial", async () => {
  const server = await serve();
  const dialing = new AbortController();
  const { connection, opened } = dial(nodeTransport(), server.url, { signal: dialing.signal });
  await opened;
  dialing.abort();
  connection.send("still open");
  const peer = await server.peers.take();
  expect(await peer.messages.take()).toBe("still open");
});

test("a dial of a name tells of each step to a server that speaks TLS", async () => {
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const identity = certificate({ name: "server" });
  const server = await serve({ tls: identity, answer: () => (arrive(), true) });
  const phases: unknown[] = [];
  const note = (): void => void phases.push(connection.phase);
  const lookup: LookupFunction = (host, options, done) =>
    atEndOfTurn(() => {
      note();
      loopback(host, options, done);
      note();
    });
  const checkServerIdentity = (): undefined => note() as undefined;
  const transport = nodeTransport({ lookup, tls: { ca: identity.cert, checkServerIdentity } });
  const { connection } = dial(transport, server.url.replace("127.0.0.1", "server.test"));
  await arrived;
  note();
  expect(phases).toEqual(["dns", "tcp", "tls", "upgrade"]);
});
