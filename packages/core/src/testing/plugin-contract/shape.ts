import { hooks } from "../../plugin-list.ts";
import { check, same } from "../contract/assert.ts";
import type { PluginCase } from "./stage.ts";

/** What a plugin is before any client has it. */
export const shape: readonly PluginCase[] = [
  {
    name: "has a name, and hooks that the client knows",
    async run({ plugin }) {
      check(
        typeof plugin.name === "string" && plugin.name.trim() !== "",
        `The name is '${plugin.name}': errors and logs could not say who it was`,
      );
      for (const key of membersOf(plugin)) {
        if (!/^on[A-Z]/.test(key)) continue;
        check(
          (hooks as readonly string[]).includes(key),
          `'${plugin.name}' has ${key}, which nobody calls`,
        );
        const type = typeof plugin[key as keyof typeof plugin];
        check(type === "function" || type === "undefined", `${key} is of type ${type}`);
      }
    },
  },
  {
    name: "is a new object for each client",
    async run({ plugin, harness }) {
      check(harness.plugin() !== plugin, "Two calls of the factory gave the same object");
    },
  },
  {
    name: "does nothing before the client connects",
    async run({ clock, server }) {
      await clock.settle();
      same(clock.pending, 0, "timers of an idle client");
      same(server.dials.length, 0, "dials of an idle client");
    },
  },
];

/** Names of all members, inherited ones too: plugins may be objects of classes. */
function membersOf(object: object): ReadonlySet<string> {
  const names = new Set<string>();
  let link: object | null = object;
  while (link && link !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(link)) names.add(name);
    link = Object.getPrototypeOf(link) as object | null;
  }
  return names;
}
