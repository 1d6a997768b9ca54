import { PluginError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import { check, same, sameMessage } from "../contract/assert.ts";
import type { PluginCase } from "./stage.ts";

/** What applications send and receive, odd ones among them. */
const samples: readonly Message[] = [
  "text",
  "",
  "\u0000\uD83D\uDE00",
  new Uint8Array(),
  Uint8Array.of(0, 255, 128),
  "x".repeat(100_000),
];

/** What a server may say that no conversation expects. */
const oddities: readonly Message[] = [
  ...samples,
  "null",
  "[]",
  "{}",
  '"text"',
  "{",
  '{"__proto__":{"type":"ok"}}',
  '{"constructor":{"prototype":{"type":"ok"}}}',
  '{"type":null,"channels":{},"channel":[]}',
  "[".repeat(10_000),
  Uint8Array.from({ length: 1_000 }, (_, i) => i % 256),
];

/** What passes through a plugin. */
export const messages: readonly PluginCase[] = [
  {
    name: "passes the application's messages to the server, in order and once",
    needs: ["passes"],
    async run(stage) {
      const peer = await stage.connected();
      const before = peer.received.length;
      for (const message of samples) stage.client.send(copyOf(message));
      await stage.clock.settle();
      expectAll(peer.received.slice(before), "the server received");
    },
  },
  {
    name: "passes the server's messages to the application, in order and once",
    needs: ["passes"],
    async run(stage) {
      const peer = await stage.connected();
      const before = stage.messages.length;
      for (const message of samples) peer.send(copyOf(message));
      await stage.clock.settle();
      expectAll(stage.messages.slice(before), "the application received");
    },
  },
  {
    name: "delivers a message in the turn in which it arrives",
    needs: ["passes", "synchronous"],
    async run(stage) {
      const peer = await stage.connected();
      const before = stage.messages.length;
      peer.send("now");
      same(stage.messages.length, before + 1, "messages told in the same turn");
    },
  },
  {
    name: "stands every message that a server may send",
    async run(stage) {
      for (const message of oddities) {
        const peer = await stage.connected();
        peer.send(copyOf(message));
        await stage.clock.settle();
      }
      const fault = stage.errors.find((error) => error instanceof PluginError);
      check(!fault, `A message made it fail: ${String(fault)}`);
    },
  },
];

/** The samples, each once and in order; a plugin may say something of its own in between. */
function expectAll(actual: readonly Message[], what: string): void {
  let next = 0;
  for (const sample of samples) {
    const at = actual.findIndex((message, i) => i >= next && isSame(message, sample));
    check(at >= 0, `What ${what} lacks sample ${samples.indexOf(sample)}, or has it out of order`);
    sameMessage(actual[at]!, sample, what);
    next = at + 1;
  }
  for (const sample of samples) {
    const count = actual.filter((message) => isSame(message, sample)).length;
    same(count, 1, `how often ${what} sample ${samples.indexOf(sample)}`);
  }
}

/** A plugin may change bytes in place: what is compared with must not be what it was given. */
function copyOf(message: Message): Message {
  return typeof message === "string" ? message : message.slice();
}

function isSame(one: Message, other: Message): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
