import net from "node:net";
import { createClient } from "@stream-tungstenite/core";
import type { ClientOptions } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect, vi } from "vitest";
import { next } from "./listen.ts";
import { serve } from "./server.ts";

/** What a preset is to do. Durations in milliseconds. */
export interface Expected {
  readonly receiveTimeout: number;
  readonly connectTimeout: number;
  readonly noDelay: boolean;
  readonly receiveBuffer: number;
}

/** Looks at a client that a preset was spread into: nothing of it is real but the server. */
export async function presetDoes(
  preset: Partial<ClientOptions>,
  { receiveTimeout, connectTimeout, noDelay, receiveBuffer }: Expected,
): Promise<void> {
  const server = await serve();
  server.answers.push("silence");
  const clock = manualClock();
  const { createConnection, delays } = watchedSockets();
  await using client = createClient({
    ...preset,
    url: server.url,
    clock,
    plugins: [nodeTransport({ ws: { createConnection } }), fixedDelay(0)],
  });
  const failed = client.once("error");
  const connecting = client.connect();
  await server.requests.take();
  await clock.advance(connectTimeout - 1);
  expect(client.state).toEqual({ status: "connecting", attempt: 0 });
  await clock.advance(1);
  expect(await failed).toMatchObject({ error: { code: "CONNECT_TIMEOUT" } });
  await clock.advance(0);
  await connecting;
  expect(delays.at(-1)).toBe(noDelay);

  const reader = client.messages({ overflow: "drop-oldest" });
  let skipped = 0;
  client.on("lagged", (lag) => (skipped += lag.skipped));
  const heard = next(client, "message", receiveBuffer + 1);
  const { ws } = await server.peers.take();
  for (let index = 0; index <= receiveBuffer; index++) ws.send(`${index}`);
  await heard;
  expect(skipped).toBe(1);
  expect(await reader.next()).toMatchObject({ value: "1" });

  const lost = client.once("disconnected");
  await clock.advance(receiveTimeout - 1);
  expect(client.isConnected).toBe(true);
  // Looked at four times in the span, from the first frame on.
  await clock.advance(receiveTimeout / 4 + 1);
  expect(await lost).toMatchObject({ cause: { code: "IDLE_TIMEOUT" } });
}

/** Opens sockets and notes what is asked for as TCP_NODELAY. */
export function watchedSockets(): {
  readonly createConnection: (options: net.NetConnectOpts) => net.Socket;
  readonly delays: (boolean | undefined)[];
} {
  const delays: (boolean | undefined)[] = [];
  return {
    delays,
    createConnection(options) {
      const socket = net.connect(options);
      const setNoDelay = socket.setNoDelay.bind(socket);
      vi.spyOn(socket, "setNoDelay").mockImplementation((noDelay = true) => {
        delays.push(noDelay);
        return setNoDelay(noDelay);
      });
      return socket;
    },
  };
}
