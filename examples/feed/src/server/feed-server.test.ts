import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../clock.ts";
import { decodeServerMessage, encode, type ServerMessage } from "../protocol.ts";
import { startFeedServer, type FeedServer } from "./feed-server.ts";
import { memoryJournal } from "./memory-journal.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).toReversed()) await each();
});

async function serving(port = 0, journal = memoryJournal(systemClock.now())): Promise<FeedServer> {
  const server = await startFeedServer({ clock: systemClock, port, seed: 1, token: "t", journal });
  undo.push(() => server.stop());
  return server;
}
function dial({ port }: FeedServer, path = "/feed"): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  // Terminating a dial that was refused is an error of its own.
  socket.on("error", () => {});
  undo.push(() => socket.terminate());
  return socket;
}
async function subscribed(server: FeedServer): Promise<WebSocket> {
  const socket = dial(server);
  await once(socket, "open");
  socket.send(encode({ type: "auth", token: "t", session: "s" }));
  socket.send(encode({ type: "subscribe", channels: ["trades"] }));
  await until(socket, "subscribed");
  return socket;
}
function until(socket: WebSocket, type: ServerMessage["type"]): Promise<ServerMessage> {
  return new Promise((resolve) => {
    const listener = (data: Buffer): void => {
      const message = decodeServerMessage(data.toString("utf8"));
      if (message?.type !== type) return;
      socket.off("message", listener);
      resolve(message);
    };
    socket.on("message", listener);
  });
}
async function refusal(socket: WebSocket): Promise<IncomingMessage> {
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  return response;
}

test("a client that says who it is receives the feed and receipts for its orders", async () => {
  const socket = await subscribed(await serving());
  expect(await until(socket, "trade")).toMatchObject({ type: "trade" });
  socket.send(
    encode({ type: "order", number: 7, symbol: "ALPHA", side: "buy", quantity: 1, price: 1 }),
  );
  expect(await until(socket, "receipt")).toEqual({ type: "receipt", number: 7, duplicate: false });
});

test("binary messages are not of the protocol", async () => {
  const socket = await subscribed(await serving());
  socket.send(Buffer.from('{"type":"subscribe","channels":[]}'));
  const [code] = (await once(socket, "close")) as [number];
  expect(code).toBe(1008);
});

test("it closes every connection with the code it was told", async () => {
  const server = await serving();
  const sockets = [await subscribed(server), await subscribed(server)];
  server.closeAll(4000, "because");
  for (const [code, reason] of await Promise.all(sockets.map((socket) => once(socket, "close")))) {
    expect([code, String(reason)]).toEqual([4000, "because"]);
  }
});

test("it refuses as many dials as it was told, with 503 and Retry-After", async () => {
  const server = await serving();
  server.refuse(1, 3);
  const response = await refusal(dial(server));
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "3"]);
  await subscribed(server);
});

test("a dial elsewhere is answered with 404, a plain request with 426", async () => {
  const server = await serving();
  expect((await refusal(dial(server, "/other"))).statusCode).toBe(404);
  const get = request({ port: server.port, host: "127.0.0.1" }).end();
  const [response] = (await once(get, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(426);
});

test("a silent server keeps the socket, and says, answers and books nothing", async () => {
  const journal = memoryJournal(systemClock.now());
  const server = await serving(0, journal);
  const silenced = await subscribed(server);
  const heard: string[] = [];
  for (const event of ["message", "pong", "close"]) silenced.on(event, () => heard.push(event));
  server.fallSilent();
  silenced.send(
    encode({ type: "order", number: 1, symbol: "ALPHA", side: "buy", quantity: 1, price: 1 }),
  );
  silenced.ping();
  // Later connections are served: what they hear, the silenced one should have heard as well.
  const witness = await subscribed(server);
  for (let i = 0; i < 20; i++) await until(witness, "trade");
  // What was on its way when silence fell has arrived by now.
  heard.length = 0;
  for (let i = 0; i < 20; i++) await until(witness, "trade");
  expect(heard).toEqual([]);
  expect(journal.orders("s")).toEqual([]);
  expect(silenced.readyState).toBe(WebSocket.OPEN);
});

test("stop drops every connection, a silent one too, and frees the port", async () => {
  const server = await serving();
  const [silent, other] = [await subscribed(server), await subscribed(server)];
  server.fallSilent();
  const closed = Promise.all([once(silent, "close"), once(other, "close")]);
  await server.stop();
  expect((await closed).map(([code]) => code as number)).toEqual([1006, 1006]);
  await subscribed(await serving(server.port));
});

test("a port that is taken is an error", async () => {
  const { port } = await serving();
  await expect(serving(port)).rejects.toThrow("EADDRINUSE");
});
