import { ConfigurationError, UnsupportedError } from "@stream-tungstenite/core";
import { alike, rejection } from "../suite/assert.ts";
import type { Scenario } from "./scene.ts";

/** Options and verbs, also those that not every runtime can serve. */
export const options: readonly Scenario[] = [
  {
    name: "agrees on a subprotocol",
    async run({ server, client: make }) {
      const client = make({ protocols: ["first.v1", "second.v2"] });
      const open = client.once("open");
      await server.answerNext({ type: "accept", protocol: "second.v2" });
      await client.connect();
      alike((await open).protocol, "second.v2", "subprotocol");
    },
  },
  {
    name: "headers arrive, or a ConfigurationError says at once that they cannot",
    async run({ server, contestant, client: make }) {
      const transport = { headers: { "x-test": "s3cret" } };
      if (contestant.canHeaders) {
        await make({ transport, protocols: [] }).connect();
        alike((await server.nextPeer()).headers["x-test"], "s3cret", "header");
        return;
      }
      const error = await rejection(
        (async () => make({ transport }).connect())(),
        "a client with headers",
      );
      const { name, message } = error as Error;
      alike(error instanceof ConfigurationError, true, `a ConfigurationError, not ${name}`);
      alike(/headers/.test(message), true, `'headers' in "${message}"`);
      alike(message.includes("s3cret"), false, "the header's value in the message");
    },
  },
  {
    name: "ping() tells the round trip, or that the transport has no pings",
    async run({ contestant, client: make }) {
      const client = make();
      await client.connect();
      if (contestant.capabilities.ping) {
        alike(typeof (await client.ping()), "number", "type of the round trip");
        return;
      }
      const error = await rejection(client.ping(), "ping");
      alike(error instanceof UnsupportedError, true, "an UnsupportedError");
    },
  },
  {
    name: "a close code or reason that cannot be sent is refused at once",
    async run({ client: make }) {
      const client = make();
      await client.connect();
      for (const wrong of [{ code: 1001 }, { code: 5000 }, { reason: "€".repeat(42) }]) {
        const error = await rejection(
          (async () => client.disconnect(wrong))(),
          JSON.stringify(wrong),
        );
        alike(error instanceof ConfigurationError, true, "a ConfigurationError");
      }
      alike(client.isConnected, true, "still connected");
    },
  },
];
