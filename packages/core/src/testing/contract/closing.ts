import { same } from "./assert.ts";
import type { Probe } from "./probe.ts";
import type { Case } from "./stage.ts";

// 41 characters of 3 bytes: the most that a close frame holds (RFC 6455 §5.5).
const longestReason = "€".repeat(41);

/** How connections end (RFC 6455 §7). */
export const closing: readonly Case[] = [
  {
    name: "close() completes the closing handshake, with our code and reason",
    async run(stage) {
      for (const [code, reason] of [
        [1000, ""],
        [4001, "gone fishing"],
        [3000, longestReason],
      ] as const) {
        const { probe, peer } = await stage.open();
        probe.close(code, reason);
        await ended(probe, code, reason, true);
        const seen = await peer.closed();
        same(seen.code, code, "close code the server saw");
        same(seen.reason, reason, "close reason the server saw");
      }
    },
  },
  {
    name: "what was sent before close() arrives before the close frame",
    async run(stage) {
      const { probe, peer } = await stage.open();
      for (let i = 0; i < 100; i++) probe.send(`message ${i}`);
      probe.close(1000, "done");
      for (let i = 0; i < 100; i++) same(await peer.next(), `message ${i}`, "message");
      same((await peer.closed()).code, 1000, "close code the server saw");
      await ended(probe, 1000, "done", true);
    },
  },
  {
    name: "the server's close tells its code and reason",
    async run(stage) {
      for (const [code, reason] of [
        [1001, ""],
        [1011, "fault"],
        [4002, longestReason],
      ] as const) {
        const { probe, peer } = await stage.open();
        await peer.close(code, reason);
        await ended(probe, code, reason, true);
      }
    },
  },
  {
    name: "a close frame without a code is 1005",
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.close();
      await ended(probe, 1005, "", true);
    },
  },
  {
    name: "what the server sent before its close frame is received before onClose",
    async run(stage) {
      const { probe, peer } = await stage.open();
      const sent = Array.from({ length: 100 }, (_, i) => peer.send(`message ${i}`));
      await Promise.all([...sent, peer.close(1000, "done")]);
      await ended(probe, 1000, "done", true);
      same(probe.recorder.messages.length, 100, "messages received");
    },
  },
  {
    name: "a drop is 1006 and not clean",
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.drop();
      await ended(probe, 1006, "", false);
    },
  },
  {
    name: "both may close at the same time",
    async run(stage) {
      const { probe, peer } = await stage.open();
      const closed = peer.close(4000, "");
      probe.close(4000, "");
      await closed;
      await ended(probe, 4000, "", true);
    },
  },
  {
    name: "terminate() drops the connection, and nothing but onClose follows",
    async run(stage) {
      const { probe, peer } = await stage.open();
      // In one go, so that some may be on their way when the client drops the connection.
      const sent = Array.from({ length: 100 }, (_, i) => peer.send(`message ${i}`).catch(() => {}));
      await probe.message(0);
      probe.terminate();
      const { wasClean, code } = await probe.end();
      same(code, 1006, "close code");
      same(wasClean, false, "wasClean");
      await peer.closed();
      await Promise.all(sent);
    },
  },
  {
    name: "terminate() inside onMessage is obeyed at once",
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.recorder.react = () => probe.terminate();
      const sent = Array.from({ length: 100 }, (_, i) => peer.send(`message ${i}`).catch(() => {}));
      await probe.end();
      same(probe.recorder.messages.length, 1, "messages received");
      await Promise.all(sent);
    },
  },
  {
    name: "close() inside onMessage completes the closing handshake",
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.recorder.react = () => probe.close(4003, "enough");
      await peer.send("message");
      await ended(probe, 4003, "enough", true);
    },
  },
  {
    name: "close() after close() changes nothing",
    async run(stage) {
      const { probe } = await stage.open();
      probe.close(4004, "first");
      probe.close(4005, "second");
      await ended(probe, 4004, "first", true);
    },
  },
  {
    name: "terminate() after close() does not wait for the server",
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.stall();
      probe.close(1000, "");
      probe.terminate();
      same((await probe.end()).wasClean, false, "wasClean");
    },
  },
  {
    name: "a message after close() is at most refused",
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.close(1000, "");
      attempt(() => probe.send("too late"));
      same((await peer.closed()).code, 1000, "close code the server saw");
      await ended(probe, 1000, "", true);
    },
  },
  {
    name: "calls after the end are harmless",
    async run(stage) {
      const { probe } = await stage.open();
      probe.terminate();
      await probe.end();
      attempt(() => probe.send("too late"));
      probe.close(1000, "");
      probe.terminate();
      probe.terminate();
      if (probe.connection.ping) attempt(() => probe.ping());
      if (probe.connection.pause) {
        probe.pause();
        probe.resume();
      }
      if (probe.connection.flush) await probe.flush().catch(() => {});
      same(typeof probe.bufferedAmount, "number", "type of bufferedAmount");
    },
  },
];

async function ended(probe: Probe, code: number, reason: string, wasClean: boolean): Promise<void> {
  const close = await probe.end();
  same(close.code, code, "close code");
  same(close.reason, reason, "close reason");
  same(close.wasClean, wasClean, "wasClean");
}

/** It may throw: there is nobody left to take a message. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // What matters is what it does to the listener.
  }
}
