import type { Plugin } from "./plugin.ts";
import { describeValue, isFrom } from "./rules.ts";

/** What a plugin may have beside its name and what describes it. */
export const hooks = [
  "connect",
  "nextDelay",
  "adjustDelay",
  "shouldReconnect",
  "handshake",
  "onMessage",
  "onSend",
  "onStateChange",
  "onConnected",
  "onDisconnected",
  "onError",
  "onLagged",
  "onDropped",
  "onProbe",
  "setup",
] as const;

/** The key under which a plugin made of others holds these. */
export const madeOf: unique symbol = Symbol("madeOf");

/** A plugin that may be made of others. */
export interface Composite extends Plugin {
  readonly [madeOf]?: readonly Plugin[] | undefined;
}

/** A plugin, and all that it is made of. */
export function withParts(plugin: Composite): Plugin[] {
  return [plugin, ...(plugin[madeOf] ?? []).flatMap(withParts)];
}

/**
 * All plugins of a nested list, what is to be skipped left out; what cannot be one goes to `faults`, and so
 * does what was `seen` before.
 */
export function flatten(list: unknown, faults: string[], seen: Plugin[] = []): Plugin[] {
  if (!Array.isArray(list)) {
    faults.push(`plugins: a list is needed, not ${typeof list}`);
    return [];
  }
  return list.flatMap((item: unknown): Plugin | Plugin[] => {
    if (item === false || item === null || item === undefined) return [];
    if (Array.isArray(item)) return flatten(item, faults, seen);
    const plugin = item as Plugin;
    if (typeof item !== "object" || typeof plugin.name !== "string") {
      faults.push(`plugins: a plugin is an object with a name, not ${typeof item}`);
      return [];
    }
    for (const part of withParts(plugin)) {
      if (seen.includes(part)) faults.push(`plugins: '${part.name}' is in the list twice`);
      seen.push(part);
    }
    check(plugin, "plugins", faults);
    return plugin;
  });
}

/** Whether the members of a plugin are what they have to be. */
export function check(plugin: Plugin, owner: string, faults: string[]): void {
  const { name, handshakeTimeout: timeout = 0 } = plugin;
  for (const hook of hooks) {
    const type = typeof plugin[hook];
    if (type !== "function" && plugin[hook] != null) {
      faults.push(`${owner}: ${hook} of '${name}' is a function, not ${type}`);
    }
  }
  if (!isFrom(0, timeout)) {
    faults.push(
      `${owner}: handshakeTimeout of '${name}' is a number of milliseconds, 0 or more, not ${describeValue(timeout)}`,
    );
  }
}
