import { expect, test } from "vitest";
import { memoryServer } from "./index.ts";
import { abnormal, opened, settled } from "./test-kit.ts";

test("takes the messages received one by one", async () => {
  const server = memoryServer();
  const client = await opened(server);
  const { peer } = server;
  const waiting = [peer.next(), peer.next()];
  for (const message of ["a", "b", "c"]) client.connection.send(message);
  expect(await Promise.all(waiting)).toEqual(["a", "b"]);
  expect(await peer.next()).toBe("c");
  const none = peer.next();
  client.connection.terminate();
  await expect(none).rejects.toThrow("The connection ended without another message");
  await expect(peer.next()).rejects.toThrow("without another message");
});

test("answers pings unless told not to", async () => {
  const server = memoryServer();
  const client = await opened(server);
  client.connection.ping!(Uint8Array.of(1));
  expect(client.calls).toEqual([]);
  await settled();
  expect(client.calls).toEqual([["pong", Uint8Array.of(1)]]);
  server.peer.answersPings = false;
  client.connection.ping!();
  await settled();
  expect(client.calls).toHaveLength(1);
  expect(server.peer.pings).toEqual([Uint8Array.of(1), new Uint8Array()]);
  server.peer.pong();
  expect(client.calls[1]).toEqual(["pong", new Uint8Array()]);
  expect(() => client.connection.ping!(new Uint8Array(126))).toThrow(
    new RangeError("A ping takes at most 125 bytes, not 126"),
  );
});

test("pings, which is activity and is answered", async () => {
  const server = memoryServer();
  const client = await opened(server);
  server.peer.ping(Uint8Array.of(9));
  server.peer.ping();
  expect(client.calls).toEqual([["activity"], ["activity"]]);
  expect(server.peer.pongs).toEqual([Uint8Array.of(9), new Uint8Array()]);
});

test("answers the close frame unless told not to", async () => {
  const server = memoryServer();
  const client = await opened(server);
  const { peer } = server;
  peer.answersClose = false;
  peer.answerClose();
  client.connection.close(4001, "bye");
  expect(peer.closeFrame).toEqual({ code: 4001, reason: "bye" });
  peer.send("still coming");
  await settled();
  expect(client.calls).toEqual([["message", "still coming", 12]]);
  expect(() => client.connection.send("late")).toThrow(
    "The message was not taken: the connection is closing",
  );
  client.connection.ping!();
  client.connection.close(4002, "again");
  expect(peer.closeFrame).toMatchObject({ code: 4001 });
  expect(peer.pings).toEqual([]);
  peer.answerClose();
  peer.answerClose();
  expect(client.calls.slice(1)).toEqual([["close", { code: 4001, reason: "bye", wasClean: true }]]);
});

test("closes and drops once, then does nothing any more", async () => {
  const server = memoryServer();
  const client = await opened(server);
  const { peer } = server;
  const { ended } = peer;
  peer.close();
  expect(peer.isOpen).toBe(false);
  await ended;
  peer.close(1000);
  peer.drop();
  peer.ping();
  peer.pong();
  peer.drain();
  expect(peer.send("late")).toBe(false);
  await settled();
  expect(client.calls).toEqual([["close", { code: 1005, reason: "", wasClean: true }]]);
  await peer.ended;
});

test("half-open hears nothing and is heard by nobody", async () => {
  const server = memoryServer();
  const client = await opened(server);
  const { peer } = server;
  peer.halfOpen();
  expect(peer.send("lost")).toBe(true);
  peer.ping();
  client.connection.send("lost");
  client.connection.ping!();
  client.connection.close(1000, "");
  peer.drop();
  await settled();
  expect(client.calls).toEqual([]);
  expect(client.connection.bufferedAmount).toBe(0);
  expect(peer.received).toEqual([]);
  expect(server.live).toBe(1);
  client.connection.terminate();
  await settled();
  expect(client.calls).toEqual([["close", abnormal]]);
  expect(server.live).toBe(0);
});

test("half-open may let bytes pile up", async () => {
  const server = memoryServer();
  const client = await opened(server);
  server.peer.halfOpen({ buffers: true });
  client.connection.send("12345678");
  client.connection.send("12345678");
  server.peer.drain();
  server.peer.slow();
  server.peer.flow();
  expect(client.connection.bufferedAmount).toBe(16);
  client.connection.send("");
  expect(server.peer.received).toEqual([]);
  const flush = client.connection.flush!();
  client.connection.terminate();
  await expect(flush).rejects.toThrow("The connection ended before all was sent: close code 1006");
  await expect(client.connection.flush!()).rejects.toThrow("ended before all was sent");
  expect(client.connection.bufferedAmount).toBe(16);
  expect(client.calls).toEqual([["close", abnormal]]);
});

test("slow keeps bytes in the client's buffer and tells when they fall below the mark", async () => {
  const server = memoryServer();
  const client = await opened(server);
  const { peer } = server;
  const { connection } = client;
  peer.slow();
  connection.send("1234");
  peer.drain();
  expect(client.calls).toEqual([]);
  connection.send("12345");
  connection.send("67890");
  connection.send("");
  expect(connection.bufferedAmount).toBe(10);
  expect(peer.received).toEqual(["1234"]);
  let flushed = false;
  const flush = connection.flush!().then(() => (flushed = true));
  peer.drain(0);
  expect(client.calls).toEqual([]);
  peer.drain(4);
  expect(connection.bufferedAmount).toBe(6);
  expect(client.calls).toEqual([["drain"]]);
  expect(peer.received).toEqual(["1234"]);
  peer.drain(1);
  expect(peer.received).toEqual(["1234", "12345"]);
  await settled();
  expect(flushed).toBe(false);
  peer.flow();
  connection.send("at once");
  expect(peer.received).toEqual(["1234", "12345", "67890", "", "at once"]);
  await flush;
  expect(client.calls).toEqual([["drain"]]);
});

test("slow sees a close frame behind what is buffered", async () => {
  const server = memoryServer();
  const client = await opened(server);
  server.peer.slow();
  client.connection.send("first");
  client.connection.close(1000, "");
  await settled();
  expect(server.peer.closeFrame).toBeNull();
  server.peer.drain();
  await settled();
  expect(server.peer.received).toEqual(["first"]);
  expect(client.calls).toEqual([["close", { code: 1000, reason: "", wasClean: true }]]);
});

test("may call the listener out of turn", async () => {
  const server = memoryServer();
  const client = await opened(server);
  client.connection.terminate();
  await settled();
  server.peer.listener.onMessage("out of turn");
  server.peer.listener.onClose(abnormal);
  expect(client.calls).toEqual([
    ["close", abnormal],
    ["message", "out of turn"],
    ["close", abnormal],
  ]);
});
