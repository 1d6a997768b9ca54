import { alike } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

const chunk = 65_536;
const chunks = 64;

/** What becomes of messages that the application sends. */
export const sending: readonly Scenario[] = [
  {
    name: "keeps messages in the queue across an outage, each once and in order",
    async run({ server, client: make }) {
      const client = make();
      const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
      for (const text of texts.slice(0, 5)) client.send(text);
      await client.connect();
      const first = await server.nextPeer();
      for (const text of texts.slice(0, 5)) alike(await first.next(), text, "first connection");

      const lost = client.once("disconnected");
      await server.answerNext({ type: "refuse", status: 503 });
      await first.drop();
      await lost;
      for (const text of texts.slice(5)) alike(client.send(text), "queued", "fate of the message");
      const second = await server.nextPeer();
      for (const text of texts.slice(5)) alike(await second.next(), text, "second connection");
      client.send("last");
      alike(await second.next(), "last", "what follows the queue");
    },
  },
  {
    name: "sends more than the transport buffers, and flush tells when all is out",
    async run({ server, client: make }) {
      const client = make({ highWaterMark: chunk });
      await client.connect();
      const peer = await server.nextPeer();
      for (let i = 0; i < chunks; i++) void client.sendAsync(new Uint8Array(chunk).fill(i));
      await client.flush();
      alike(client.snapshot().queued, 0, "queued messages");
      for (let i = 0; i < chunks; i++) {
        const message = await peer.next();
        alike([message.length, message[0]], [chunk, i], "length and first byte");
      }
    },
  },
  {
    name: "delivers what is queued before close() closes",
    async run({ server, client: make }) {
      const client = make();
      await client.connect();
      const peer = await server.nextPeer();
      for (let i = 0; i < 20; i++) client.send(`message ${i}`);
      alike(await client.close(), { wasClean: true, undelivered: 0 }, "the outcome of close");
      for (let i = 0; i < 20; i++) alike(await peer.next(), `message ${i}`, "message");
      alike((await peer.closed()).code, 1000, "close code");
    },
  },
];
