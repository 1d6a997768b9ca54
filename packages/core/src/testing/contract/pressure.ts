import { seededRandom } from "@stream-tungstenite/retry";
import { check, same } from "./assert.ts";
import { eventually, roundTrip, type Case } from "./stage.ts";

const highWaterMark = 65_536;
const chunk = 65_536;
// 32 MiB: more than the sockets' buffers of any platform at their largest.
const chunks = 512;

/** Backpressure in both directions. */
export const pressure: readonly Case[] = [
  {
    name: "bufferedAmount grows while the server does not read, and onDrain tells when it fell",
    needs: ["drain"],
    async run(stage) {
      const { probe, peer } = await stage.open({ highWaterMark });
      await peer.stall();
      for (let i = 0; i < chunks; i++) probe.send(filled(i));
      check(probe.bufferedAmount >= highWaterMark, "bufferedAmount did not grow");
      await stage.fence();
      check(probe.bufferedAmount >= highWaterMark, "bufferedAmount fell while nobody read");
      same(probe.recorder.drains, 0, "onDrain while nobody read");
      let buffered = Infinity;
      probe.recorder.drained = () => (buffered = probe.bufferedAmount);
      const drained = later(() => probe.recorder.until("onDrain", () => probe.recorder.drains > 0));
      await peer.unstall();
      for (let i = 0; i < chunks; i++) {
        const message = await peer.next();
        check(message.length === chunk && message[0] === i % 256, `chunk ${i} arrived changed`);
      }
      await drained;
      check(buffered < highWaterMark, `onDrain came with ${buffered} bytes buffered`);
      await eventually(
        "bufferedAmount did not return to 0",
        () => probe.bufferedAmount === 0,
        () => roundTrip(probe, peer),
      );
      same(probe.recorder.drains, 1, "calls of onDrain");
    },
  },
  {
    name: "onDrain keeps silent where the mark was not reached",
    async run(stage) {
      const { probe, peer } = await stage.open({ highWaterMark });
      for (let i = 0; i < 10; i++) await roundTrip(probe, peer);
      await peer.stall();
      // A frame's header, or the end of the last round trip, may count for a moment.
      probe.send(filled(0).subarray(64));
      await stage.fence();
      await peer.unstall();
      same((await peer.next()).length, highWaterMark - 64, "length of the message");
      await roundTrip(probe, peer);
      same(probe.recorder.drains, 0, "calls of onDrain");
    },
  },
  {
    name: "flush() resolves when all is on the network",
    needs: ["flush"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      await probe.flush();
      for (let i = 0; i < 16; i++) probe.send(filled(i));
      await probe.flush();
      same(probe.bufferedAmount, 0, "bufferedAmount after flush");
      for (let i = 0; i < 16; i++) same((await peer.next())[0], i, "first byte");
    },
  },
  {
    name: "flush() waits while the server does not read",
    needs: ["flush", "drain"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.stall();
      for (let i = 0; i < chunks; i++) probe.send(filled(i));
      let flushed = false;
      const flush = later(async () => {
        await probe.flush();
        flushed = true;
      });
      await stage.fence();
      same(flushed, false, "flushed while nobody read");
      await peer.unstall();
      await flush;
      same(probe.bufferedAmount, 0, "bufferedAmount after flush");
    },
  },
  {
    name: "flush() settles when the connection ends first",
    needs: ["flush", "drain"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      await peer.stall();
      for (let i = 0; i < chunks; i++) probe.send(filled(i));
      const flush = probe.flush().catch(() => {});
      probe.terminate();
      await flush;
    },
  },
  {
    name: "pause() stops receiving and resume() goes on without a loss",
    needs: ["pause"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      await roundTrip(probe, peer);
      probe.pause();
      probe.pause();
      for (let i = 0; i < 100; i++) await peer.send(`message ${i}`);
      await stage.fence();
      same(probe.recorder.messages.length, 1, "messages received while paused");
      probe.send("sending goes on");
      same(await peer.next(), "sending goes on", "what the server received");
      probe.resume();
      probe.resume();
      for (let i = 0; i < 100; i++) same(await probe.message(i + 1), `message ${i}`, "message");
      await roundTrip(probe, peer);
    },
  },
  {
    name: "pausing inside onMessage loses and reorders nothing",
    needs: ["pause"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.recorder.react = () => probe.pause();
      await Promise.all(Array.from({ length: 50 }, (_, i) => peer.send(`message ${i}`)));
      for (let i = 0; i < 50; i++) {
        same(await probe.message(i), `message ${i}`, "message");
        probe.resume();
      }
    },
  },
  {
    name: "a paused connection can be terminated",
    needs: ["pause"],
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.pause();
      await peer.send("never received");
      probe.terminate();
      same((await probe.end()).code, 1006, "close code");
      same(probe.recorder.messages.length, 0, "messages received");
    },
  },
];

/** Begins now and is awaited later; until then its failure is not an unhandled one. */
function later(run: () => Promise<void>): Promise<void> {
  const promise = run();
  promise.catch(() => {});
  return promise;
}

const random = seededRandom(1);
const noise = Uint8Array.from({ length: chunk }, () => random() * 256);

/**
 * A chunk that begins with the number's last byte. The rest is longer than the window of deflate and no shorter when
 * compressed (RFC 7692), as browsers do unasked: else the bytes would never pile up.
 */
function filled(i: number): Uint8Array {
  const bytes = noise.slice();
  bytes[0] = i;
  return bytes;
}
