import { HandshakeRejectedError } from "@stream-tungstenite/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mqtt, publish } from "./mqtt.ts";
import { Collector } from "./testing/collector.ts";
import { daemon, findProgram, freePort } from "./testing/daemon.ts";
import type { Daemon } from "./testing/daemon.ts";

const program = findProgram("mosquitto", "the client against an MQTT broker");
const hasher = findProgram("mosquitto_passwd", "the client against an MQTT broker");

describe.skipIf(!program || !hasher)("MQTT", () => {
  let broker: Daemon;
  let url: string;
  const received = new Collector<string>();
  const make = (password = "secret") =>
    mqtt({
      url,
      user: "alice",
      password,
      topics: ["orders/#", "prices"],
      onMessage: (topic, payload) => received.add(`${topic} ${payload}`),
    });

  beforeEach(async () => {
    received.clear();
    const port = await freePort();
    url = `ws://127.0.0.1:${port}`;
    // Without a plain listener beside it, this broker does not open the other.
    const config = `
listener ${await freePort()} 127.0.0.1
listener ${port} 127.0.0.1
protocol websockets
socket_domain ipv4
user root
password_file {folder}/passwords
`;
    broker = daemon(program as string, ["-v", "-c", "{file}"], /running/, config);
    await broker.run(hasher as string, ["-b", "-c", "{folder}/passwords", "alice", "secret"]);
    await broker.start();
  });
  afterEach(() => broker[Symbol.asyncDispose]());

  test("authenticates, subscribes, receives, loses the broker and receives again", async () => {
    const client = make();
    await client.connect();
    client.send(publish("orders/new", "hällo"));
    await received.first((item) => item === "orders/new hällo");

    const lost = client.once("reconnectScheduled");
    await broker.kill("SIGKILL");
    await lost;
    client.send(publish("prices", "queued"));
    await broker.start();
    await received.first((item) => item === "prices queued");
    expect(client.snapshot().reconnectCount).toBe(1);
    expect(await client.close()).toMatchObject({ undelivered: 0 });
  });

  test("comes back after the broker was stopped in the middle of a stream", async () => {
    const client = make();
    await client.connect();
    const lost = client.once("disconnected");
    for (let n = 0; n < 100; n++) client.send(publish("orders/n", String(n)));
    await broker.kill("SIGTERM");
    expect((await lost).willRetry).toBe(true);
    await broker.start();
    await client.ready();
    received.clear();
    client.send(publish("orders/again", "ok"));
    await received.first((item) => item === "orders/again ok");
    await client.close();
  });

  test("gives up at once with a wrong password, without showing it", async () => {
    const client = make("wrong-password");
    const refused = await client.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HandshakeRejectedError);
    expect(String(refused)).not.toContain("wrong-password");
  });
});
