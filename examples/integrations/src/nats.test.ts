import { HandshakeRejectedError } from "@stream-tungstenite/core";
import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nats } from "./nats.ts";
import { Collector } from "./testing/collector.ts";
import { daemon, findProgram, freePort } from "./testing/daemon.ts";
import type { Daemon } from "./testing/daemon.ts";
import { stage } from "./testing/stage.ts";

const program = findProgram("nats-server", "the client against a NATS server");

describe.skipIf(program === undefined)("NATS", () => {
  let server: Daemon;
  let url: string;
  const received = new Collector<string>();
  const arrived = (text: string) => received.first((item) => item === text);
  const make = (password = "secret") =>
    nats({
      url,
      user: "alice",
      password,
      subjects: ["orders.*"],
      onMessage: (subject, payload) => received.add(`${subject} ${payload}`),
    });

  beforeEach(async () => {
    received.clear();
    const port = await freePort();
    url = `ws://127.0.0.1:${port}`;
    const config = `
      host: "127.0.0.1", port: -1
      websocket { host: "127.0.0.1", port: ${port}, no_tls: true }
      authorization { users: [
        { user: "alice", password: "secret", permissions: { subscribe: { deny: "private.>" } } }
      ] }`;
    server = daemon(program as string, ["-c", "{file}"], /Server is ready/, config);
    await server.start();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  test("authenticates, subscribes, receives, loses the server and receives again", async () => {
    const { client, subjects } = make();
    await client.connect();
    client.send("PUB orders.new 5\r\nhello\r\n");
    await arrived("orders.new hello");

    const lost = client.once("reconnectScheduled");
    await server.kill("SIGKILL");
    await lost;
    client.send("PUB orders.late 6\r\nqueued\r\n");
    await server.start();
    await client.ready();
    await arrived("orders.late queued");

    await subjects.add(["prices"]);
    client.send("PUB prices 4\r\n12\r\n\r\n");
    await arrived("prices 12\r\n");
    expect(client.snapshot().reconnectCount).toBe(1);
    expect(await client.close()).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("comes back after the server was stopped in the middle of a stream", async () => {
    const { client } = make();
    await client.connect();
    const lost = client.once("disconnected");
    for (let n = 0; n < 100; n++) client.send(`PUB orders.n 1\r\n${n % 10}\r\n`);
    await server.kill("SIGTERM");
    expect((await lost).willRetry).toBe(true);
    await server.start();
    await client.ready();
    received.clear();
    client.send("PUB orders.again 2\r\nok\r\n");
    await arrived("orders.again ok");
    await client.close();
  });

  test("says which subject it may not see, and why, and keeps the others", async () => {
    const { client, subjects } = make();
    await client.connect();
    const refused = await subjects.add(["private.a"]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SubscriptionRefusedError);
    expect(refused).toMatchObject({ channels: ["private.a"] });
    expect(String(refused)).toContain("Permissions Violation");
    expect(subjects.channels).toEqual(["orders.*"]);
    client.send("PUB orders.new 5\r\nhello\r\n");
    await arrived("orders.new hello");
    expect(client.snapshot().reconnectCount).toBe(0);
    await client.close();
  });

  test("gives up at once with wrong credentials, without showing them", async () => {
    const { client } = make("wrong-password");
    const refused = await client.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HandshakeRejectedError);
    expect(String(refused)).toContain("Authorization Violation");
    expect(String(refused)).not.toContain("wrong-password");
    expect(client.state.status).toBe("closed");
  });
});

describe("NATS, frame by frame", () => {
  const received = new Collector<string>();
  const make = (url: string) =>
    nats({
      url,
      user: "alice",
      password: "secret",
      subjects: ["orders.*"],
      onMessage: (subject, payload) => received.add(`${subject} ${payload}`),
    });
  /** Agrees to everything. */
  const agreeing = () =>
    stage((message, peer) => {
      if (message.includes("PING")) peer.send(Buffer.from("PONG\r\n"));
    });

  test("puts operations together, however the frames cut them", async () => {
    received.clear();
    await using server = await agreeing();
    const { client } = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    const operations =
      "MSG orders.a 1 6\r\nhällo\r\nMSG orders.b 1 reply 4\r\n\r\n\r\n\r\nMSG orders.c 1 0\r\n\r\n";
    for (const byte of Buffer.from(operations)) peer.send(Buffer.from([byte]));
    peer.send(Buffer.from(operations));
    await received.first((item) => item === "orders.c " && received.items.length === 6);
    const once = ["orders.a hällo", "orders.b \r\n\r\n", "orders.c "];
    expect(received.items).toEqual([...once, ...once]);
    await client.close();
  });

  test("answers the server's pings, and tells nobody of them", async () => {
    await using server = await agreeing();
    const { client } = make(server.url);
    const told = new Collector<unknown>();
    client.on("message", told.add);
    await client.connect();
    (await server.peers.first(() => true)).send(Buffer.from("PING\r\n+OK\r\n"));
    await server.heard.first((text) => text === "PONG\r\n");
    await told.first(() => true);
    expect(told.items).toEqual(["+OK"]);
    await client.close();
  });

  test("subscribes to a subject by the same id on each connection", async () => {
    await using server = await agreeing();
    const { client, subjects } = make(server.url);
    await client.connect();
    await subjects.add(["prices"]);
    await subjects.remove(["orders.*"]);
    expect(server.heard.items.slice(1)).toEqual([
      "SUB orders.* 1\r\nPING\r\n",
      "SUB prices 2\r\nPING\r\n",
      "UNSUB 1\r\nPING\r\n",
    ]);
    server.heard.clear();
    const again = client.once("connected");
    (await server.peers.first(() => true)).terminate();
    await again;
    expect(server.heard.items.slice(1)).toEqual(["SUB prices 2\r\nPING\r\n"]);
    await client.close();
  });
});
