import type { Fact } from "../matrix/observation.ts";
import type { Probe } from "./probes.ts";

/** Events of the surroundings that tell of the network, of sleep and of navigation, as far as a runtime has them. */
export const events: Readonly<Record<string, Probe>> = {
  "online and offline": () => handlers(globalThis, "ononline", "onoffline"),
  visibilitychange: () => handlers(documentOf(), "onvisibilitychange"),
  "freeze and resume": () => handlers(documentOf(), "onfreeze", "onresume"),
  "pagehide and pageshow": () => handlers(globalThis, "onpagehide", "onpageshow"),
};

async function handlers(target: object, ...names: readonly string[]): Promise<Fact> {
  return names.every((name) => name in target);
}

function documentOf(): object {
  return (globalThis as { readonly document?: object }).document ?? {};
}
