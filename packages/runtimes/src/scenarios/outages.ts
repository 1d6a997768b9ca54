import {
  ConnectTimeoutError,
  ConnectionLostError,
  RetriesExhaustedError,
} from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import { environment } from "@stream-tungstenite/transport-browser";
import { alike, rejection } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

/** Losing the server, and finding it again. */
export const outages: readonly Scenario[] = [
  {
    name: "reconnects when the connection is dropped, and tells how it ended",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      const lost = client.once("disconnected");
      const back = client.once("connected");
      await (await server.nextPeer()).drop();
      const { cause, willRetry } = await lost;
      alike(cause instanceof ConnectionLostError && cause.close.code, 1006, "close code");
      alike(willRetry, true, "willRetry");
      alike((await back).reconnects, 1, "reconnects");
      const peer = await server.nextPeer();
      client.send("back again");
      alike(await peer.next(), "back again", "what the server received");
    },
  },
  {
    name: "works beside whatever events the runtime has",
    async run({ server, client: make }) {
      const client = make({ plugins: [environment()] });
      await client.connect();
      const back = client.once("connected");
      await (await server.nextPeer()).drop();
      alike((await back).reconnects, 1, "reconnects");
      alike(client.isConnected, true, "isConnected");
    },
  },
  {
    name: "reconnects to a server that was stopped and started again",
    async run({ server, client: make }) {
      const client = make({ retry: fixedDelay(100) });
      await client.connect();
      await server.nextPeer();
      const refused = client.once("error");
      await server.stop();
      alike((await refused).error.retryable, true, "retryable");
      await server.start();
      await client.ready();
      alike(client.snapshot().reconnectCount, 1, "reconnects");
    },
  },
  {
    name: "reconnects after an HTTP refusal",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      const error = client.once("error");
      const back = client.once("connected");
      await server.answerNext({ type: "refuse", status: 503 });
      await (await server.nextPeer()).drop();
      alike((await error).attempt, 1, "the attempt that was refused");
      alike((await back).attempt, 2, "the attempt that was accepted");
    },
  },
  {
    name: "gives up when the strategy does",
    async run({ server, client: make }) {
      const client = make({ url: server.nowhere, retry: fixedDelay(20, { maxAttempts: 1 }) });
      const error = await rejection(client.connect(), "connect");
      alike(error instanceof RetriesExhaustedError && error.attempts, 1, "retries");
      alike(client.state.status, "closed", "state");
    },
  },
  {
    name: "gives up a dial that is never answered, at the connect timeout",
    async run({ server, client: make }) {
      await server.answerNext({ type: "hold" });
      const client = make({ connectTimeout: 200, exitOnFirstFailure: true });
      const error = await rejection(client.connect(), "connect");
      alike(error instanceof ConnectTimeoutError, true, "a ConnectTimeoutError");
    },
  },
];
