import { ConnectionLostError, type DisconnectCause } from "@stream-tungstenite/core";
import { alike, rejection } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

/** Close codes and reasons, both ways (RFC 6455 §7.4). */
export const closing: readonly Scenario[] = [
  {
    name: "close() gives the server its code and reason",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      const peer = await server.nextPeer();
      const { wasClean } = await client.close({ code: 4001, reason: "gone fishing" });
      alike(wasClean, true, "wasClean");
      alike(await peer.closed(), { code: 4001, reason: "gone fishing" }, "what the server saw");
    },
  },
  {
    name: "a close that may pass is told with code and reason, and retried",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      for (const [code, reason] of [
        [1000, "restarting"],
        [1001, ""],
        [4999, "€".repeat(41)],
      ] as const) {
        const peer = await server.nextPeer();
        if (!client.isConnected) await client.ready();
        const lost = client.once("disconnected");
        await peer.close(code, reason);
        const { cause, willRetry } = await lost;
        alike([...told(cause), willRetry], [code, reason, true], "code, reason, willRetry");
      }
      await server.nextPeer();
    },
  },
  {
    name: "a close for good ends the client with code and reason",
    async run({ server, client: make }) {
      const client = make();
      const run = client.run();
      await client.ready();
      await (await server.nextPeer()).close(1008, "not for you");
      const error = await rejection(run, "run");
      alike(told(error as DisconnectCause), [1008, "not for you"], "code and reason");
      alike(client.state.status, "closed", "state");
    },
  },
  {
    name: "close() does not wait for ever for a server that never answers it",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      await (await server.nextPeer()).stall();
      alike((await client.close({ timeout: 200 })).wasClean, false, "wasClean");
    },
  },
];

function told(cause: DisconnectCause | undefined): readonly unknown[] {
  return cause instanceof ConnectionLostError
    ? [cause.close.code, cause.close.reason]
    : [String(cause)];
}
