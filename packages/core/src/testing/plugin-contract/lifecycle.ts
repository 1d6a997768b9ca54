import type { Extension } from "../../plugin.ts";
import { check, same } from "../contract/assert.ts";
import { PluginStage, longTime, type PluginCase } from "./stage.ts";

/** Messages of its conversation at which the connection is lost, one after another. */
const losses = [0, 1, 2, 3, 4];

/** What a plugin does from the first dial to the last teardown. */
export const lifecycle: readonly PluginCase[] = [
  {
    name: "lets the client connect and close",
    async run(stage) {
      await stage.connected();
    },
  },
  {
    name: "takes part in every connection",
    async run(stage) {
      const first = await stage.connected();
      const speaks = first.received.length > 0;
      for (let id = 2; id <= 4; id++) {
        stage.server.drop();
        const peer = await stage.reconnected();
        check(peer !== first, "There was no new connection after a loss");
        check(!speaks || peer.received.length > 0, `Connection ${id} heard nothing of it`);
      }
    },
  },
  ...losses.map((count): PluginCase => ({
    name:
      count === 0
        ? "survives a connection that is lost at once"
        : `survives a connection that is lost at message ${count}`,
    async run(stage) {
      stage.dropAt(count);
      await stage.connected();
      stage.server.drop();
      await stage.reconnected();
    },
  })),
  {
    name: "comes to an end when the server is silent",
    async run(stage) {
      stage.isServing = false;
      let hasConnected = false;
      stage.client.on("connected", () => (hasConnected = true));
      stage.client.connect().catch(() => {});
      await stage.clock.advance(longTime);
      check(
        hasConnected || stage.errors.length > 0,
        `After ${longTime / 1_000} s of silence the client is still ${stage.client.state.status}`,
      );
    },
  },
  {
    name: "leaves nothing behind when the client closes while it dials",
    async run(stage) {
      stage.server.script(() => {});
      stage.client.connect().catch(() => {});
      await stage.clock.settle();
    },
  },
  {
    name: "leaves nothing behind when the client closes during handshakes",
    async run(stage) {
      stage.isServing = false;
      stage.client.connect().catch(() => {});
      await stage.clock.settle();
    },
  },
  {
    name: "leaves nothing behind when the client closes during an outage",
    async run(stage) {
      await stage.connected();
      stage.server.onDial((dial) => dial.fail("tcp"));
      stage.server.drop();
      await stage.clock.advance(60_000);
    },
  },
  {
    name: "stands being closed from within its events",
    async run(stage) {
      for (const event of ["open", "connected", "disconnected"] as const) {
        const own = new PluginStage(stage.harness);
        own.client.on(event, () => void own.client.close());
        own.client.connect().catch(() => {});
        await own.clock.settle();
        own.server.drop();
        await own.finish();
      }
    },
  },
  {
    name: "may serve another client once the first has closed",
    async run(stage) {
      await stage.connected();
      await stage.finish();
      const next = stage.clientOf(stage.plugin);
      await stage.connected(next);
      await stage.finish(next);
    },
  },
  {
    name: "falls silent when it is removed",
    async run(stage) {
      if (stage.plugin.nextDelay) return;
      const client = stage.clientOf();
      await stage.connected(client);
      const timers = stage.clock.pending;
      const listeners = stage.listeners;
      const remove = client.use(stage.harness.plugin() as Extension);
      await stage.clock.advance(60_000);
      // Also what it leaves on a connection that it saw from the beginning.
      stage.server.drop();
      const peer = await stage.reconnected(client);
      await stage.clock.advance(60_000);
      remove();
      await stage.clock.settle();
      const received = peer.received.length;
      const pings = peer.pings.length;
      check(stage.clock.pending <= timers, "It left a timer behind");
      same(stage.listeners, listeners, "listeners of the client, with those it left behind");
      // What it listened for comes too late: a message, a frame, the answer to its ping.
      peer.send("late");
      peer.ping();
      peer.pong(peer.pings.at(-1));
      await stage.clock.settle();
      check(stage.clock.pending <= timers, "What came after its removal made it set a timer");
      await stage.clock.advance(longTime);
      same(peer.received.length, received, "messages, with those sent after its removal");
      same(peer.pings.length, pings, "pings, with those sent after its removal");
      check(client.isConnected, "Its removal ended the connection");
      await stage.finish(client);
    },
  },
];
