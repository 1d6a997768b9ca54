import { check, same } from "../contract/assert.ts";
import { longTime, type PluginCase } from "./stage.ts";

/** What a plugin does as time passes. */
export const time: readonly PluginCase[] = [
  {
    name: "keeps a living connection through an hour of quiet",
    async run(stage) {
      await stage.connected();
      await stage.clock.advance(3_600_000);
      same(stage.server.peers.length, 1, "connections within the hour");
    },
  },
  {
    name: "pings every connection, if it pings one",
    async run(stage) {
      let peer = await stage.connected();
      await stage.clock.advance(longTime);
      const pings = peer.pings.length > 0;
      for (let id = 2; id <= 3; id++) {
        stage.server.drop();
        peer = await stage.reconnected();
        await stage.clock.advance(longTime);
        check(!pings || peer.pings.length > 0, `Connection ${id} got no ping`);
      }
    },
  },
  {
    name: "keeps a living connection through a sleep of the machine",
    async run(stage) {
      await stage.connected();
      stage.clock.jump(8 * 3_600_000);
      await stage.clock.advance(longTime);
      same(stage.server.peers.length, 1, "connections, with those after the sleep");
    },
  },
  {
    name: "keeps a connection whose receiving is paused",
    async run(stage) {
      const peer = await stage.connected();
      const reader = stage.client.messages({ highWaterMark: 1 });
      const first = reader.next();
      for (let i = 0; i < 4; i++) peer.send(`message ${i}`);
      await stage.clock.settle();
      // A plugin that takes messages out, or holds them, leaves nothing to pause for.
      if (peer.paused) {
        await stage.clock.advance(longTime);
        same(stage.server.peers.length, 1, "connections, with those after the pause");
      }
      await stage.client.close();
      await first;
    },
  },
];
