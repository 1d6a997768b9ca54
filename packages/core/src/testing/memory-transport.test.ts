import { expect, test } from "vitest";
import { memoryServer } from "./index.ts";
import { abnormal, dial, opened, settled } from "./test-kit.ts";

test("a connection carries all that a client does to the server it was made for", async () => {
  const server = memoryServer();
  const other = memoryServer();
  const { connection, calls } = await opened(server);
  expect(other.dials).toEqual([]);
  expect(connection.send("é")).toBe(2);
  connection.ping!(Uint8Array.of(1));
  connection.ping!();
  connection.close(4000, "enough");
  await settled();
  expect(server.peer).toMatchObject({
    received: ["é"],
    pings: [Uint8Array.of(1), new Uint8Array()],
    closeFrame: { code: 4000, reason: "enough" },
  });
  expect(calls.at(-1)).toEqual(["close", { code: 4000, reason: "enough", wasClean: true }]);
});

test("a connection is paused, resumed and terminated", async () => {
  const server = memoryServer();
  const { connection, calls } = await opened(server);
  connection.pause!();
  server.peer.send("one");
  await settled();
  expect(calls).toEqual([]);
  connection.resume!();
  await settled();
  expect(calls).toEqual([["message", "one", 3]]);
  connection.terminate();
  await settled();
  expect(calls.slice(1)).toEqual([["close", abnormal]]);
});

test("a connection tells what is buffered, and when it no longer is", async () => {
  const server = memoryServer();
  const { connection } = await opened(server);
  server.peer.slow();
  connection.send("12345");
  expect(connection.bufferedAmount).toBe(5);
  let flushed = false;
  const flush = connection.flush!().then(() => (flushed = true));
  await settled();
  expect(flushed).toBe(false);
  server.peer.flow();
  await flush;
  expect(connection.bufferedAmount).toBe(0);
});

test.each([
  ["ping", { ping: false }, ["pause", "resume", "flush"]],
  ["pause", { pause: false }, ["ping", "flush"]],
  ["flush", { flush: false }, ["ping", "pause", "resume"]],
] as const)("without the capability %s the others are there", (_, options, there) => {
  const { connection } = dial(memoryServer(), {}, options);
  const methods = ["ping", "pause", "resume", "flush"] as const;
  expect(methods.filter((method) => connection[method])).toEqual(there);
});

test("a dial that the server holds has come as far as its answer", () => {
  const server = memoryServer();
  server.script(() => {});
  expect(dial(server).connection.phase).toBe("upgrade");
});

test("without errors a failed dial does not tell why, nor one under way how far it is", async () => {
  const server = memoryServer();
  server.script(() => {});
  expect(dial(server, {}, { errors: false }).connection.phase).toBeUndefined();
  server.script((it) => it.refuse(503));
  const client = dial(server, {}, { errors: false });
  await settled();
  expect(client.calls).toEqual([["close", abnormal]]);
});
