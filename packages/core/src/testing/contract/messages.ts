import type { Message } from "../../message.ts";
import { check, sameMessage, same } from "./assert.ts";
import type { Case } from "./stage.ts";

const mebibyte = 1_048_576;

const kinds: readonly (readonly [string, () => Message])[] = [
  ["a text", () => "text"],
  ["an empty text", () => ""],
  ["a text of 1, 2, 3 and 4 bytes a character", () => "aé€😀\u0000\uffff𝄞"],
  ["a text of 1 MiB", () => "x".repeat(mebibyte)],
  ["bytes", () => Uint8Array.of(0, 1, 127, 128, 255)],
  ["no bytes", () => new Uint8Array()],
  ["bytes that are a part of their buffer", () => counting(100).subarray(7, 57)],
  ["1 MiB of bytes", () => counting(mebibyte)],
];

/** What is sent arrives, whole, once and in order. */
export const messages: readonly Case[] = [
  ...kinds.map(([kind, make]): Case => ({
    name: `carries ${kind} both ways`,
    async run(stage) {
      const { probe, peer } = await stage.open();
      const message = make();
      probe.send(message);
      sameMessage(await peer.next(), message, "what the server received");
      await peer.send(message);
      const received = await probe.message(0);
      sameMessage(received, message, "what the client received");
      check(
        typeof received === "string" || Object.getPrototypeOf(received) === Uint8Array.prototype,
        `Bytes came as ${received.constructor.name}, a subclass of Uint8Array`,
      );
      same(probe.recorder.messages.length, 1, "messages received");
    },
  })),
  {
    name: "keeps the order of many messages both ways",
    async run(stage) {
      const { probe, peer } = await stage.open();
      const sent = many(500);
      for (const message of sent) probe.send(message);
      for (const message of sent) {
        sameMessage(await peer.next(), message, "what the server received");
      }
      await Promise.all(sent.map((message) => peer.send(message)));
      await probe.message(sent.length - 1);
      for (const [i, message] of sent.entries()) {
        sameMessage(await probe.message(i), message, "what the client received");
      }
      same(probe.recorder.messages.length, sent.length, "messages received");
    },
  },
  {
    name: "takes messages inside onMessage",
    async run(stage) {
      const { probe, peer } = await stage.open();
      probe.recorder.react = (message) => probe.send(message);
      const sent = many(50);
      await Promise.all(sent.map((message) => peer.send(message)));
      await probe.message(sent.length - 1);
      for (const message of sent) {
        sameMessage(await peer.next(), message, "what the server received");
      }
    },
  },
];

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

/** Texts and bytes in turn, no two alike. */
function many(count: number): readonly Message[] {
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? `message ${i}` : Uint8Array.of(i >> 8, i & 255),
  );
}
