import { sameMessage } from "./assert.ts";
import { roundTrip, type Case } from "./stage.ts";

const longest = Uint8Array.from({ length: 125 }, (_, i) => i);

/** Ping and pong frames (RFC 6455 §5.5.2 and §5.5.3). */
export const control: readonly Case[] = [
  {
    name: "ping() is answered by onPong with its payload",
    needs: ["ping"],
    async run(stage) {
      const { probe } = await stage.open();
      const payloads = [undefined, new Uint8Array(), Uint8Array.of(1, 2, 3), longest];
      for (const [i, payload] of payloads.entries()) {
        probe.ping(payload);
        await probe.recorder.until(`pong ${i}`, () => probe.recorder.pongs.length > i);
        sameMessage(probe.recorder.pongs[i]!, payload ?? new Uint8Array(), "payload of the pong");
      }
    },
  },
  {
    name: "the server's ping is answered",
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.ping(Uint8Array.of(4, 5, 6));
      await roundTrip(probe, peer);
    },
  },
  {
    name: "the server's ping is activity",
    needs: ["activity"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      const pinged = peer.ping(Uint8Array.of(7));
      await probe.recorder.until("onActivity", () => probe.recorder.activities > 0);
      await pinged;
    },
  },
];
