import { expect, test } from "vitest";
import type { Plugin } from "../../plugin.ts";
import { faultsOf } from "./test-kit.ts";

const name = "has a name, and hooks that the client knows";

test("a plugin without a name is a fault", async () => {
  expect(await faultsOf(() => ({ name: " " }))).toHaveProperty([name]);
});

test("a hook that nobody calls is a fault, also of a class", async () => {
  class Typo implements Plugin {
    readonly name = "typo";
    onConected(): void {}
  }
  expect(await faultsOf(() => new Typo())).toEqual({
    [name]: "Error: 'typo' has onConected, which nobody calls",
  });
});

test("a hook that is left undefined is none", async () => {
  expect(await faultsOf(() => ({ name: "sparse", onError: undefined }))).toEqual({});
});

test("the same object for two clients is a fault", async () => {
  const plugin: Plugin = { name: "one" };
  expect(Object.keys(await faultsOf(() => plugin))).toEqual(["is a new object for each client"]);
});

test("a plugin that dials or waits by itself is found", async () => {
  const faults = await faultsOf(() => ({
    name: "eager",
    setup: ({ clock }) => void clock.schedule(10, () => {}),
  }));
  expect(faults).not.toHaveProperty(["does nothing before the client connects"]);
  expect(Object.keys(faults)).toContain(
    "leaves nothing behind when the client closes while it dials",
  );
});
