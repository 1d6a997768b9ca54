import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { goAway } from "./routes.ts";
import { LoadServer } from "./server.ts";

let server: LoadServer;
let port: number;

beforeEach(async () => {
  server = new LoadServer();
  port = await server.listen();
});
afterEach(() => server.close());

async function open(query: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?${query}`);
  await once(socket, "open");
  return socket;
}

test("As many messages are sent as were asked for, all of them whole", async () => {
  const socket = await open("route=receive&size=70000&data=text&total=5");
  const lengths: number[] = [];
  const all = new Promise<void>((resolve) =>
    socket.on("message", (data) => {
      if (lengths.push((data as Buffer).length) === 5) resolve();
    }),
  );
  socket.send("begin");
  await all;
  expect(lengths).toEqual(Array.from({ length: 5 }, () => 70_000));
  socket.terminate();
});

test("Each mark of a count is told once", async () => {
  const socket = await open("route=count&marks=2,5");
  let told = 0;
  socket.on("message", () => told++);
  for (const mark of [2, 3]) {
    const answer = once(socket, "message");
    for (let n = 0; n < mark; n++) socket.send("x");
    await answer;
  }
  expect(told).toBe(2);
  socket.close();
  await once(socket, "close");
});

test("A count may be told again and again", async () => {
  const socket = await open("route=count&every=2");
  for (let n = 0; n < 3; n++) {
    const answer = once(socket, "message");
    for (let m = 0; m < 2; m++) socket.send("x");
    expect(String((await answer)[0])).toBe("reached");
  }
  socket.terminate();
});

test("It comes back on the same port after it went away", async () => {
  const socket = await open("route=outage&down=1");
  socket.send(goAway);
  await once(socket, "close");
  let back: WebSocket | undefined;
  while (!back) back = await open("route=idle").catch(() => undefined);
  back.terminate();
});

test("A connection that a client has ended is not kept", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `GET /?route=idle HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`,
  );
  await once(socket, "data");
  const closed = once(socket, "close");
  socket.resume().end();
  await closed;
  expect(socket.destroyed).toBe(true);
});
