import type { Message } from "@stream-tungstenite/core";
import { alike } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

const large = 4 * 1_048_576;

/** Messages both ways. */
export const messages: readonly Scenario[] = [
  carries("text", () => "aé€😀\u0000\uffff𝄞"),
  carries("bytes as Uint8Array", () => Uint8Array.of(0, 1, 127, 128, 255)),
  carries("a text of 4 MiB", () => "x".repeat(large)),
  carries("4 MiB of bytes", () => Uint8Array.from({ length: large }, (_, i) => i % 251)),
  {
    name: "a reader gets every message in order, across connections",
    async run({ server, client: make }) {
      const client = make();
      const reader = client.messages();
      await client.connect();
      for (const round of [1, 2]) {
        const peer = await server.nextPeer();
        const next = reader.next();
        for (let i = 0; i < 50; i++) await peer.send(`${round}: ${i}`);
        alike((await next).value, `${round}: 0`, "message");
        for (let i = 1; i < 50; i++)
          alike((await reader.next()).value, `${round}: ${i}`, "message");
        await peer.drop();
      }
    },
  },
];

function carries(kind: string, make: () => Message): Scenario {
  return {
    name: `carries ${kind} both ways`,
    async run({ server, client: makeClient }) {
      const message = make();
      const client = makeClient();
      await client.connect();
      const peer = await server.nextPeer();
      const received = client.once("message");
      client.send(message);
      isSame(await peer.next(), message, "what the server received");
      await peer.send(message);
      isSame(await received, message, "what the client received");
    },
  };
}

function isSame(actual: Message, expected: Message, what: string): void {
  alike(typeof actual, typeof expected, `type of ${what}`);
  alike(actual.length, expected.length, `length of ${what}`);
  alike(actual instanceof Uint8Array, expected instanceof Uint8Array, `${what} is a Uint8Array`);
  // Not as JSON: that would take seconds for millions of bytes.
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] !== expected[i]) alike(actual[i], expected[i], `${what}, at ${i}`);
  }
}
