import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import { closeFrame, frame, opcode } from "rig/frame";
import { serve } from "rig/serve";
import { describe, expect, test } from "vitest";
import { nodeTransport } from "./index.ts";
import { dial } from "./testing/dial.ts";
import { UpgradedDuplex } from "./testing/upgraded-duplex.ts";

const { text, ping } = opcode;

describe("a socket that ends paused, with a ping unread, ends as it would without", () => {
  const invalid = Buffer.concat([frame(text, [0xff]), closeFrame(1000)]);
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  test.each([
    ["a reset", frame(text, "behind"), { code: 1006, error: reset }],
    ["text that is not UTF-8", invalid, { code: 1007, error: { code: "WS_ERR_INVALID_UTF8" } }],
    ["a close frame", closeFrame(1001), { code: 1001, wasClean: true }],
  ])("%s", async (_, unread, close) => {
    for (const before of [Buffer.alloc(0), frame(ping, "p")]) {
      const socket = new UpgradedDuplex();
      const transport = nodeTransport({ ws: { createConnection: () => socket } });
      const { connection, opened, closed } = dial(transport, "ws://feed.test/");
      await opened;
      connection.pause?.();
      socket.push(Buffer.concat([frame(text, "before"), before, unread]));
      socket.destroy(reset);
      expect(await closed).toMatchObject(close);
    }
  });
});

test("nor does a ping behind a message that is still inflated when the server hangs up", async () => {
  const server = await serve();
  const client = dial(nodeTransport({ perMessageDeflate: true }), server.url);
  await client.opened;
  const deflated = deflateRawSync(Buffer.alloc(9_000_000), { finishFlush: 2 }).subarray(0, -4);
  const peer = await server.peers.take();
  peer.socket.end(Buffer.concat([frame(text, deflated, { rsv: 4 }), frame(ping)]));
  expect(await client.closed).toEqual({ code: 1006, reason: "", wasClean: false });
});
