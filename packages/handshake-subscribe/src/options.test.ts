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
      "subscribe: channel cannot be ''",
      "subscribe: channel cannot be 7",
      "subscribe.format: a function is needed, not 'json'",
      "subscribe.confirm: true or false or a function is needed, not 'yes'",
      "subscribe.confirmUnsubscribe: true or false is needed, not 1",
      "subscribe.timeout: a number of milliseconds, 0 or more, is needed, not -1",
      "subscribe.batchSize: an integer, 1 or more, is needed, not 0",
      "subscribe.interval: a number of milliseconds, 0 or more, is needed, not NaN",
      "subscribe.name: a text that is not empty is needed, not ''",
      "subscribe.tiemout: there is no such option",
    ]);
  });

  test.each([undefined, null, "trades", {}])("channels %s", (channels) => {
    expect(faults(channels)).toEqual(["subscribe: channels must be a list"]);
  });

  test("a list of channels with holes", () => {
    expect(faults(Array(1))).toEqual(["subscribe: channel cannot be undefined"]);
  });

  test.each([
    [null, "null"],
    [5, "5"],
    ["json", "'json'"],
    [() => {}, "a function"],
  ])("options that are no object: %s", (options, shown) => {
    expect(faults(["a"], options)).toEqual([`subscribe: an object is needed, not ${shown}`]);
  });

  test.each([
    { timeout: "5" },
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
    const fault = `${option}.* is needed, not ${typeof value === "string" ? "'5'" : value}$`;
    expect(faults(["a"], { [option]: value })).toEqual([expect.stringMatching(fault)]);
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
