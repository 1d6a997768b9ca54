import { HandshakeRejectedError } from "@stream-tungstenite/core";
import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";
import { generate, parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mqtt, publish } from "./mqtt.ts";
import { Collector } from "./testing/collector.ts";
import { daemon, findProgram, freePort } from "./testing/daemon.ts";
import type { Daemon } from "./testing/daemon.ts";
import { stage } from "./testing/stage.ts";

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

describe("MQTT, packet by packet", () => {
  const received = new Collector<string>();
  const make = (url: string) =>
    mqtt({
      url,
      user: "alice",
      password: "secret",
      topics: ["orders/#", "private"],
      onMessage: (topic, payload) => received.add(`${topic} ${payload}`),
    });
  /** Agrees to everything but these topics. */
  const broker = (...refused: readonly string[]) =>
    stage((message, peer) => {
      const answer = (packet: Packet): void => peer.send(generate(packet));
      parser()
        .on("packet", (packet) => {
          if (packet.cmd === "connect") {
            answer({ cmd: "connack", returnCode: 0, sessionPresent: false });
          } else if (packet.cmd === "subscribe") {
            const granted = packet.subscriptions.map(({ topic }) =>
              refused.includes(topic) ? 128 : 0,
            );
            answer({ cmd: "suback", messageId: packet.messageId as number, granted });
          }
        })
        .parse(message);
    });

  test("gives up when the broker refuses a topic, and says which", async () => {
    await using server = await broker("private");
    const client = make(server.url);
    const refused = await client.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SubscriptionRefusedError);
    expect(refused).toMatchObject({ channels: ["private"] });
    expect(client.state.status).toBe("closed");
  });

  test("puts packets together, however the frames cut them", async () => {
    received.clear();
    await using server = await broker();
    const client = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    const packets = Buffer.concat(
      ["hällo", "x".repeat(200), ""].map((payload) =>
        generate(JSON.parse(publish("orders/new", payload)) as Packet),
      ),
    );
    for (const byte of packets) peer.send(Buffer.from([byte]));
    peer.send(packets);
    await received.first((item) => item === "orders/new " && received.items.length === 6);
    const once = ["orders/new hällo", `orders/new ${"x".repeat(200)}`, "orders/new "];
    expect(received.items).toEqual([...once, ...once]);
    await client.close();
  });
});
