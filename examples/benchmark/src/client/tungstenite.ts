import {
  createClient,
  type ClientOptions,
  type Extension,
  type Handshake,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { Adapter, Setup } from "./client.ts";

type Plugins = () => readonly (Extension | Handshake)[];

function optionsOf(url: string, setup: Setup, plugins: Plugins): ClientOptions {
  const { deflate, delay, queue, heartbeat: interval } = setup;
  return {
    url,
    plugins: [
      deflate ? nodeTransport({ perMessageDeflate: true }) : nodeTransport(),
      ...(delay === undefined ? [] : [fixedDelay(delay)]),
      ...(interval === undefined ? [] : [heartbeat({ interval, timeout: interval })]),
      ...plugins(),
    ],
    ...(queue === undefined ? {} : { sendQueue: { capacity: queue, maxBytes: queue * 1_024 } }),
  };
}

/** This client, received from by a listener. */
export function tungstenite(setup: Setup, plugins: Plugins = () => []): Adapter<WebSocketClient> {
  const { onMessage, onOpen, onLost } = setup;
  return {
    async open(url) {
      const client = createClient(optionsOf(url, setup, plugins));
      client.on("message", onMessage);
      if (onOpen) client.on("connected", onOpen);
      if (onLost) client.on("disconnected", onLost);
      await client.connect();
      return client;
    },
    end: (client) => void client.close({ timeout: 1 }),
  };
}

/** This client, received from by `for await`. */
export function tungsteniteForAwait(setup: Setup): Adapter<WebSocketClient> {
  return {
    async open(url) {
      const client = createClient(optionsOf(url, setup, () => []));
      const read = async (): Promise<void> => {
        for await (const message of client.messages()) setup.onMessage(message);
      };
      void read();
      await client.connect();
      return client;
    },
    end: (client) => void client.close({ timeout: 1 }),
  };
}

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** With logging, status and heartbeat. */
export function tungsteniteExtensions(setup: Setup): Adapter<WebSocketClient> {
  return tungstenite(setup, () => [logging({ logger: silent }), status(), heartbeat()]);
}

/** With one hook that answers with a promise. */
export function tungsteniteAsyncHook(setup: Setup): Adapter<WebSocketClient> {
  return tungstenite(setup, () => [{ name: "later", onMessage: async (message) => message }]);
}

/** With a token and a subscription that the server confirms on every connection. */
export function tungsteniteHandshakes(setup: Setup): Adapter<WebSocketClient> {
  return tungstenite(setup, () => [
    auth("token", { format: "json", reply: true }),
    subscribe(["prices"], { confirm: true }),
  ]);
}
