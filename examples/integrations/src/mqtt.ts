// An MQTT 3.1.1 broker over WebSocket: https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
import { createClient, definePlugin } from "@stream-tungstenite/core";
import type { Message, WebSocketClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fast } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { generate, type Packet, type Parser, parser } from "mqtt-packet";

export interface MqttOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly topics: readonly string[];
  readonly onMessage: (topic: string, payload: string) => void;
}

/** A client of an MQTT broker. All but the codec see packets as JSON. */
export function mqtt({ url, user, password, topics, onMessage }: MqttOptions): WebSocketClient {
  const login = auth(password, {
    format: (secret) => write({ cmd: "connect", clientId: "", username: user, password: secret }),
    reply: {
      accept: (message) => read(message).returnCode === 0,
      reject: (message) => read(message).cmd === "connack" && message.toString(),
    },
  });
  const subscriptions = subscribe(topics, {
    batchSize: 1,
    format: ([topic], action) =>
      action === "subscribe"
        ? write({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 0 }] })
        : write({ cmd: "unsubscribe", messageId: 2, unsubscriptions: [topic] }),
    confirm: (message, pending) => {
      const { cmd, granted } = read(message);
      if (cmd !== "suback") return undefined;
      return granted?.[0] === 128 ? { refused: pending } : { confirmed: pending };
    },
  });
  const strategy = exponentialBackoff(fast);
  const plugins = [nodeTransport(), strategy, login, subscriptions, heartbeat(), codec];
  const client = createClient({ url, protocols: ["mqtt"], plugins });
  client.on("message", (message) => {
    const { cmd, topic = "", payload = "" } = read(message);
    if (cmd === "publish") onMessage(topic, payload);
  });
  return client;
}

export const publish = (topic: string, payload: string): string =>
  write({ cmd: "publish", topic, payload, qos: 0 });

interface Received {
  readonly cmd: string;
  readonly topic?: string;
  readonly payload?: string;
  readonly returnCode?: number;
  readonly granted?: readonly number[];
}
const write = (packet: object): string => JSON.stringify(packet);
const read = (message: Message): Received => JSON.parse(message.toString()) as Received;

/** Packets in binary on the wire, wherever the frames begin and end (§6). */
const codec = definePlugin({
  name: "mqtt-codec",
  onSend: (message) => generate(JSON.parse(message.toString()) as Packet),
  onMessage(frame, { metadata }) {
    const packets: string[] = [];
    const reader = (metadata.get("mqtt") ?? parser()) as Parser;
    metadata.set("mqtt", reader);
    reader.removeAllListeners("packet").on("packet", (packet) => {
      const text = "payload" in packet ? { payload: String(packet.payload) } : {};
      packets.push(write({ ...packet, ...text }));
    });
    reader.parse(Buffer.from(frame as Uint8Array));
    return packets;
  },
});
