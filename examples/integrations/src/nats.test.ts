import { HandshakeRejectedError } from "@stream-tungstenite/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nats } from "./nats.ts";
import { Collector } from "./testing/collector.ts";
import { daemon, findProgram, freePort } from "./testing/daemon.ts";
import type { Daemon } from "./testing/daemon.ts";

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
      authorization { users: [{ user: "alice", password: "secret" }] }`;
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

  test("gives up at once with wrong credentials, without showing them", async () => {
    const { client } = make("wrong-password");
    const refused = await client.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HandshakeRejectedError);
    expect(String(refused)).toContain("Authorization Violation");
    expect(String(refused)).not.toContain("wrong-password");
    expect(client.state.status).toBe("closed");
  });
});
