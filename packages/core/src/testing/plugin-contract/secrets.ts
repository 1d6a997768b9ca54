import { check } from "../contract/assert.ts";
import { longTime, type PluginCase } from "./stage.ts";

/** What a plugin may not tell. */
export const secrets: readonly PluginCase[] = [
  {
    name: "tells no secret, whatever fails",
    async run(stage) {
      const { secrets = [] } = stage.harness;
      const snapshots: unknown[] = [];
      stage.client.on("state", () => snapshots.push(stage.client.snapshot()));
      await stage.connected();
      for (const message of stage.server.peer.received) stage.server.peer.send(message);
      await stage.clock.settle();
      stage.isServing = false;
      stage.server.drop();
      await stage.clock.advance(longTime);
      stage.server.script((dial) => {
        const peer = dial.accept();
        peer.onMessage(() => peer.close(4_000, "refused"));
      });
      stage.client.reconnect();
      await stage.clock.advance(60_000);
      // Messages are the application's own; everything else may end in a log.
      const events = stage.told.filter(([event]) => event !== "message" && event !== "dropped");
      for (const text of texts([events, snapshots])) {
        const found = secrets.find((secret) => text.includes(secret));
        check(
          found === undefined,
          `A secret of ${found?.length} characters is in an event or an error`,
        );
      }
    },
  },
];

/** All strings within a value: of errors also what is not enumerable. */
function texts(root: unknown): readonly string[] {
  const found: string[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") found.push(value);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of Object.getOwnPropertyNames(value)) {
      found.push(key);
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  return found;
}
