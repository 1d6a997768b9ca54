import { ConfigurationError } from "@stream-tungstenite/core";
import { faultsOf } from "rig";
import { describe, expect, test } from "vitest";
import { subscribe } from "./index.ts";
import type { SubscribeOptions } from "./index.ts";

const faults = (channels: unknown, options?: unknown): readonly string[] =>
  faultsOf(() => subscribe(channels as string[], options as SubscribeOptions));

describe("options that cannot work", () => {
  test("are all listed in one error", () => {
    expect(
      faults(["", "a", 7], {
        format: "json",
        confirm: "yes",
        confirmUnsubscribe: 1,
        timeout: -1,
        batchSize: 0,
        interval: NaN,
        name: "",
        tiemout: 5,
      }),
    ).toEqual([
      "subscribe: format cannot be 'json'",
      "subscribe: confirm cannot be 'yes'",
      "subscribe: confirmUnsubscribe cannot be 1",
      "subscribe: timeout cannot be -1",
      "subscribe: batchSize cannot be 0",
      "subscribe: interval cannot be NaN",
      "subscribe: name cannot be ''",
      "subscribe: tiemout cannot be 5",
      "subscribe: channel cannot be ''",
      "subscribe: channel cannot be 7",
    ]);
  });

  test.each([undefined, null, "trades", {}])("channels %s", (channels) => {
    expect(faults(channels)).toHaveLength(1);
  });

  test.each([
    { timeout: "5" },
    null,
    { batchSize: NaN },
    { batchSize: -1 },
    { interval: -1 },
    { name: 5 },
    { confirm: null },
    { format: true },
  ])("%j", (options) => {
    expect(faults(["a"], options)).toHaveLength(1);
  });
});

test("options at their limits are good", () => {
  expect(faults([])).toEqual([]);
  expect(faults(["a"], { timeout: 0, interval: 0, batchSize: 1, confirm: false })).toEqual([]);
  for (const [option, value] of [
    ["batchSize", 1.5],
    ["batchSize", Number.NaN],
    ["timeout", Infinity],
    ["interval", Infinity],
    ["interval", "5"],
  ] as const) {
    expect(faults(["a"], { [option]: value })).toEqual([
      `subscribe: ${option} cannot be ${typeof value === "string" ? "'5'" : value}`,
    ]);
  }
  expect(faults(["a"], { batchSize: Infinity, confirm: () => undefined, name: "b" })).toEqual([]);
  expect(faults(["a"], { timeout: undefined, format: undefined })).toEqual([]);
});

test("a change that cannot be rejects with the same error, and changes nothing", async () => {
  const feeds = subscribe(["a"]);
  await expect(feeds.add(["b", ""])).rejects.toThrow("subscribe: channel cannot be");
  await expect(feeds.add("b" as never)).rejects.toBeInstanceOf(ConfigurationError);
  await expect(feeds.remove([undefined] as never)).rejects.toBeInstanceOf(ConfigurationError);
  expect(feeds.channels).toEqual(["a"]);
});
