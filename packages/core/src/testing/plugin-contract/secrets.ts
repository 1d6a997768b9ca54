import type { Message } from "../../message.ts";
import { check } from "../contract/assert.ts";
import { longTime, PluginStage, type PluginCase } from "./stage.ts";

/** What a server may answer instead of what the plugin hopes for; the first holds what it was told. */
const refusals: readonly ((message: Message) => Message)[] = [
  (message) => message,
  () => "no",
  () => '{"type":"error","message":"no"}',
  () => new Uint8Array(1),
];

/** What a plugin may not tell. */
export const secrets: readonly PluginCase[] = [
  {
    name: "tells no secret, whatever fails",
    async run(stage) {
      const snapshots = watch(stage);
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
      keepsSecret(stage, snapshots);
      for (const refuse of refusals) await refused(new PluginStage(stage.harness), refuse);
    },
  },
];

/** A server that answers all that the plugin says with something else. */
async function refused(stage: PluginStage, refuse: (message: Message) => Message): Promise<void> {
  const snapshots = watch(stage);
  stage.serve = (message, peer) => void peer.send(refuse(message));
  const ends: unknown[] = [];
  stage.client.connect().catch((error: unknown) => ends.push(error));
  await stage.clock.advance(60_000);
  await stage.finish();
  keepsSecret(stage, [snapshots, ends]);
}

/** The client's figures after every step, from now on. */
function watch({ client }: PluginStage): readonly unknown[] {
  const snapshots: unknown[] = [];
  client.on("state", () => snapshots.push(client.snapshot()));
  return snapshots;
}

/** Messages are the application's own; everything else may end in a log. */
function keepsSecret({ harness, told }: PluginStage, others: unknown): void {
  const events = told.filter(([event]) => event !== "message" && event !== "dropped");
  for (const text of texts([events, others])) {
    const found = harness.secrets?.find((secret) => text.includes(secret));
    check(
      found === undefined,
      `A secret of ${found?.length} characters is in an event or an error`,
    );
  }
}

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
