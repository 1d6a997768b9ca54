import { once } from "node:events";
import net from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { Collector } from "./collector.ts";
import { FaultProxy } from "./proxy.ts";

/** One end of a connection and all that it hears. */
interface End {
  readonly socket: Socket;
  readonly heard: Collector<string>;
}

function end(socket: Socket): End {
  const heard = new Collector<string>();
  socket.on("data", (bytes: Buffer) => heard.add(bytes.toString()));
  socket.on("end", () => heard.add("FIN"));
  socket.on("error", (error: NodeJS.ErrnoException) => heard.add(error.code ?? ""));
  socket.on("close", () => heard.add("closed"));
  onTestFinished(() => void socket.destroy());
  return { socket, heard };
}

/** A client and a server with the proxy between them. */
async function line(clock?: Clock) {
  const arrivals = new Collector<Socket>();
  const server = net.createServer({ allowHalfOpen: true }, arrivals.add);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const proxy = await FaultProxy.start((server.address() as AddressInfo).port, clock);
  const connect = async (): Promise<{ near: End; far: End }> => {
    const count = arrivals.items.length;
    const near = end(net.connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true }));
    const far = end(await arrivals.first(() => true, count));
    return { near, far };
  };
  return { proxy, connect, ...(await connect()) };
}

test("what is sent arrives, in both directions, and so does the end of it", async () => {
  const { near, far } = await line();
  near.socket.write("ping");
  await far.heard.first((text) => text === "ping");
  far.socket.write("pong");
  await near.heard.first((text) => text === "pong");
  near.socket.end();
  await far.heard.first((text) => text === "FIN");
  far.socket.end("last");
  await near.heard.first((text) => text === "closed");
  expect(near.heard.items).toEqual(["pong", "last", "FIN", "closed"]);
});

test("latency holds bytes back for so long", async () => {
  const clock = manualClock();
  const delays = new Collector<number>();
  const schedule: Clock["schedule"] = (delay, task) => {
    delays.add(delay);
    return clock.schedule(delay, task);
  };
  const { proxy, near, far } = await line({ now: () => clock.now(), schedule });
  proxy.latency(100);
  near.socket.write("a");
  expect(await delays.first(() => true)).toBe(100);
  await clock.advance(99);
  expect(far.heard.items).toEqual([]);
  await clock.advance(1);
  await far.heard.first((text) => text === "a");
});

test("throttling passes so many bytes a second", async () => {
  const clock = manualClock();
  const { proxy, near, far } = await line(clock);
  proxy.throttle(1_000);
  near.socket.write("x".repeat(100));
  const heard = (): number => far.heard.items.join("").length;
  for (let passed = 20; passed <= 100; passed += 20) {
    await far.heard.first(() => heard() >= passed);
    expect(heard()).toBe(passed);
    await clock.advance(20);
  }
});

test("nothing passes a stalled line, and all of it once it flows", async () => {
  const { proxy, connect, near, far } = await line();
  proxy.stall();
  near.socket.write("held ");
  const other = await connect();
  other.near.socket.write("held too");
  expect(far.heard.items.concat(other.far.heard.items)).toEqual([]);
  proxy.flow();
  near.socket.write("free");
  await far.heard.first(() => far.heard.items.join("") === "held free");
  await other.far.heard.first((text) => text === "held too");
});

test("reading stops while the other side does not take it", async () => {
  const { proxy, near, far } = await line();
  proxy.stall();
  let isFull = false;
  while (!isFull) isFull = !near.socket.write(Buffer.alloc(1_048_576));
  expect(far.heard.items).toEqual([]);
  near.socket.end("last");
  proxy.flow();
  await far.heard.first((text) => text === "FIN");
  expect(far.heard.items.join("")).toMatch(/^\0{1048576,}lastFIN$/);
});

test("a reset is one on both sides", async () => {
  const { proxy, near, far } = await line();
  proxy.reset();
  await near.heard.first((text) => text === "closed");
  await far.heard.first((text) => text === "closed");
  expect(near.heard.items).toEqual(["ECONNRESET", "closed"]);
  expect(far.heard.items).toEqual(["ECONNRESET", "closed"]);
});

test("a half-closed line still passes what the client sends", async () => {
  const { proxy, near, far } = await line();
  proxy.halfClose();
  await near.heard.first((text) => text === "FIN");
  far.socket.write("discarded");
  near.socket.write("still here");
  await far.heard.first((text) => text === "still here");
  near.socket.end();
  await near.heard.first((text) => text === "closed");
  expect(near.heard.items).toEqual(["FIN", "closed"]);
});

test.each(["up", "down"] as const)("truncation %s cuts after so many bytes", async (direction) => {
  const { proxy, near, far } = await line();
  proxy.truncate(direction, 3);
  const [from, to] = direction === "up" ? [near, far] : [far, near];
  from.socket.write("truncated");
  await to.heard.first((text) => text === "FIN");
  await from.heard.first((text) => text === "FIN");
  expect(to.heard.items).toEqual(["tru", "FIN"]);
});

test("a port that refuses does so until it accepts again", async () => {
  const { proxy, connect, near } = await line();
  const { port } = proxy;
  await proxy.refuse();
  await near.heard.first((text) => text === "ECONNRESET");
  const refused = end(net.connect(port, "127.0.0.1"));
  await refused.heard.first((text) => text === "closed");
  expect(refused.heard.items).toEqual(["ECONNREFUSED", "closed"]);
  await proxy.accept();
  expect(proxy.port).toBe(port);
  const again = await connect();
  again.near.socket.write("hello");
  await again.far.heard.first((text) => text === "hello");
});

test("a server that is not there resets the client", async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const proxy = await FaultProxy.start(port);
  const near = end(net.connect(proxy.port, "127.0.0.1"));
  await near.heard.first((text) => text === "closed");
  expect(near.heard.items).toEqual(["ECONNRESET", "closed"]);
});
