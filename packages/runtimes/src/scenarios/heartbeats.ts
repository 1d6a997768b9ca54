import { IdleTimeoutError, type Message } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { alike } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

const isReply = (message: Message): boolean => message === "pong";

/** Signs of life that are messages of the application, as browsers have no ping of their own. */
export const heartbeats: readonly Scenario[] = [
  {
    name: "asks a silent server for a sign of life, and keeps the answer to itself",
    async run({ server, contestant, client: make }) {
      const beat = heartbeat({ interval: 20, timeout: 20_000, message: "ping", isReply });
      const client = make({ plugins: [beat] });
      const received: Message[] = [];
      client.on("message", (message) => received.push(message));
      await client.connect();
      const peer = await server.nextPeer();
      // A transport that has protocol pings asks by those, and `ws` answers by itself.
      for (let i = 0; i < 3 && !contestant.capabilities.ping; i++) {
        alike(await peer.next(), "ping", "what the server is asked");
        await peer.send("pong");
      }
      const echoed = client.once("message");
      await peer.send("news");
      alike(await echoed, "news", "what the application received");
      alike(received, ["news"], "all that the application received");
      if (!contestant.capabilities.ping) alike(typeof beat.rtt, "number", "type of rtt");
    },
  },
  {
    name: "finds a server that answers nothing, and reconnects",
    async run({ server, client: make }) {
      const beat = heartbeat({ interval: 20, timeout: 100, message: "ping", isReply });
      const client = make({ plugins: [beat] });
      await client.connect();
      const lost = client.once("disconnected");
      await (await server.nextPeer()).stall();
      alike((await lost).cause instanceof IdleTimeoutError, true, "an IdleTimeoutError");
      await server.nextPeer();
    },
  },
];
