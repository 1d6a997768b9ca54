// NATS over its WebSocket listener: https://docs.nats.io/reference/reference-protocols/nats-protocol
import { createClient, definePlugin } from "@stream-tungstenite/core";
import type { Message, WebSocketClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import type { Subscriptions } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fast } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";

export interface NatsOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly subjects: readonly string[];
  readonly onMessage: (subject: string, payload: string) => void;
}

/** A client of a NATS server, and the live set of its subjects. */
export function nats(options: NatsOptions): { client: WebSocketClient; subjects: Subscriptions } {
  const { url, user, password, onMessage } = options;
  // One id per subject: a subject keeps its id through every reconnect.
  const known: string[] = [];
  const idOf = (subject: string): number => known.indexOf(subject) + 1 || known.push(subject);
  const verbs = {
    subscribe: (subject: string) => `SUB ${subject} ${idOf(subject)}\r\n`,
    unsubscribe: (subject: string) => `UNSUB ${idOf(subject)}\r\n`,
  };
  const login = auth(password, {
    format: (pass) => `CONNECT ${JSON.stringify({ verbose: false, user, pass })}\r\nPING\r\n`,
    reply: {
      accept: (message) => message === "PONG",
      reject: (message) => isError(message) && message,
    },
  });
  const subjects = subscribe(options.subjects, {
    format: (channels, action) => `${channels.map(verbs[action]).join("")}PING\r\n`,
    confirm: (message, pending) => {
      if (message === "PONG") return { confirmed: pending };
      return isError(message) ? { refused: pending, reason: message } : undefined;
    },
  });
  const plugins = [
    nodeTransport(),
    exponentialBackoff(fast),
    operations,
    login,
    subjects,
    heartbeat(),
  ];
  const client = createClient({ url, plugins });
  client.on("message", (message) => {
    const [, subject, payload] = /^MSG (\S+) .*?\r\n(.*)$/s.exec(String(message)) ?? [];
    if (subject !== undefined && payload !== undefined) onMessage(subject, payload);
  });
  return { client, subjects };
}

const isError = (message: Message): message is string => String(message).startsWith("-ERR");

/** Makes messages of the protocol's operations, wherever frames begin and end, and answers pings. */
const operations = definePlugin({
  name: "nats-operations",
  onMessage(frame, { client, metadata }) {
    const before = (metadata.get("rest") ?? Buffer.alloc(0)) as Buffer;
    let rest = Buffer.concat([before, Buffer.from(frame as Uint8Array)]);
    const found: string[] = [];
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.toString("utf8", 0, end);
      const size = line.startsWith("MSG ") ? Number(line.slice(line.lastIndexOf(" "))) + 2 : 0;
      if (rest.length < end + 2 + size) break;
      if (line === "PING") client.send("PONG\r\n");
      else if (!line.startsWith("INFO ")) found.push(rest.toString("utf8", 0, end + size));
      rest = rest.subarray(end + 2 + size);
    }
    metadata.set("rest", rest);
    return found;
  },
});
