import type { PluginHarness } from "./plugin-contract/harness.ts";
import { lifecycle } from "./plugin-contract/lifecycle.ts";
import { messages } from "./plugin-contract/messages.ts";
import { secrets } from "./plugin-contract/secrets.ts";
import { shape } from "./plugin-contract/shape.ts";
import { PluginStage, type PluginCase } from "./plugin-contract/stage.ts";
import { time } from "./plugin-contract/time.ts";
import { missing } from "./contract/missing.ts";

/** One rule that every extension and every handshake keeps. */
export interface PluginContractCase {
  /** A sentence. */
  readonly name: string;
  /** Why the case does not apply; then `run` does nothing. */
  readonly skip?: string;
  /** Rejects when the rule is broken. It never sleeps: time is moved by hand. */
  readonly run: () => Promise<void>;
}

/**
 * What a client expects of an extension or a handshake, as cases for any test runner: that it takes part in
 * every connection, survives losses at any point, ends when the server is silent, passes what is not its own,
 * stands what a server may send, keeps living connections, and leaves nothing behind. After every case the
 * client is closed; then no timer and no socket may be left. A transport has `transportContract`.
 *
 * ```ts
 * for (const { name, skip, run } of pluginContract(harness)) test.skipIf(skip)(name, run);
 * ```
 */
export function pluginContract(harness: PluginHarness): readonly PluginContractCase[] {
  return [shape, lifecycle, messages, time, secrets].flat().map(({ name, needs, run }) => {
    const skip = missing("the plugin", needs, harness.capabilities);
    return skip === undefined
      ? { name, run: () => play(harness, run) }
      : { name, skip, run: () => Promise.resolve() };
  });
}

async function play(harness: PluginHarness, run: PluginCase["run"]): Promise<void> {
  const stage = new PluginStage(harness);
  try {
    await run(stage);
    await stage.finish();
  } finally {
    stage.abandon();
  }
}
