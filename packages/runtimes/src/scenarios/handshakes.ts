import type { Message } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import type { RuntimePeer } from "../control/commands.ts";
import { alike } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

const reply = {
  accept: (message: Message): boolean => message === "welcome",
  reject: (message: Message): boolean => message === "who?",
};
const subscription = JSON.stringify({ type: "subscribe", channels: ["trades"] });
const subscribed = JSON.stringify({ type: "subscribed", channels: ["trades"] });

/** What is said to the server before anything else. */
export const handshakes: readonly Scenario[] = [
  {
    name: "authenticates, subscribes and only then sends, on every connection",
    async run({ server, client: make }) {
      const tokens = ["first", "second"];
      const client = make({
        plugins: [
          auth(() => tokens.shift() as string, { reply }),
          subscribe(["trades"], { confirm: true }),
        ],
      });
      client.send("queued before");
      const connected = client.connect();
      const first = await server.nextPeer();
      await greet(first, "first");
      alike(client.isConnected, false, "connected before the subscription is confirmed");
      await first.send(subscribed);
      await connected;
      alike(await first.next(), "queued before", "what follows the handshakes");

      const lost = client.once("disconnected");
      await first.drop();
      await lost;
      client.send("queued meanwhile");
      const second = await server.nextPeer();
      await greet(second, "second");
      await second.send(subscribed);
      alike(await second.next(), "queued meanwhile", "what follows the handshakes");
    },
  },
  {
    name: "dials once more with a fresh token when the first is refused",
    async run({ server, client: make }) {
      const tokens = ["stale", "fresh"];
      const client = make({ plugins: [auth(() => tokens.shift() as string, { reply })] });
      const connected = client.connect();
      const refused = await server.nextPeer();
      alike(await refused.next(), "stale", "the first token");
      await refused.send("who?");
      const accepted = await server.nextPeer();
      alike(await accepted.next(), "fresh", "the second token");
      await accepted.send("welcome");
      await connected;
    },
  },
];

async function greet(peer: RuntimePeer, token: string): Promise<void> {
  alike(await peer.next(), token, "what is said first");
  await peer.send("welcome");
  alike(await peer.next(), subscription, "what is said second");
}
