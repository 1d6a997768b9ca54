import type { Plugin } from "../../plugin.ts";
import { pluginContract } from "../plugin-contract.ts";
import type { PluginHarness } from "./harness.ts";

/** Names of the cases that a plugin fails, each with the first line of why. */
export async function faultsOf(
  plugin: () => Plugin,
  harness: Partial<PluginHarness> = {},
): Promise<Readonly<Record<string, string>>> {
  const faults: Record<string, string> = {};
  for (const { name, run } of pluginContract({ plugin, ...harness })) {
    await run().catch((error: unknown) => (faults[name] = String(error).split("\n")[0]!));
  }
  return faults;
}
