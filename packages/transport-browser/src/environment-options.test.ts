import { ConfigurationError } from "@stream-tungstenite/core";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { EnvironmentOptions } from "./environment-options.ts";
import { environment } from "./environment.ts";

describe("options that cannot work", () => {
  test.each<[string, object | null, string]>([
    ["no object", null, "options must be an object"],
    ["an unknown name", { offline: 1 }, "offline is no option"],
    ["events of another kind", { events: {} }, "events must be an EventTarget"],
    ["events that are a function", { events: () => {} }, "events must be of type object"],
    ["isOnline as a value", { isOnline: false }, "isOnline must be of type function"],
    ["an interval as text", { offlineInterval: "1s" }, "offlineInterval must be of type number"],
    ["a negative interval", { offlineInterval: -1 }, "0 or more, not -1"],
    ["an endless interval", { offlineInterval: Infinity }, "0 or more, not Infinity"],
    ["an interval that is no number", { offlineInterval: NaN }, "0 or more, not NaN"],
    ["a name of another kind", { name: 1 }, "name must be of type string"],
  ])("%s", (_, options, fault) => {
    const make = (): unknown => environment(options as EnvironmentOptions);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(fault);
  });

  test("are all told at once", () => {
    const options = { events: {}, offlineInterval: -1, x: 0 } as object;
    expect(() => environment(options)).toThrow("3 faults");
  });
});

test.each<EnvironmentOptions>([
  {},
  { events: undefined, isOnline: undefined, offlineInterval: undefined, name: undefined },
  { events: new EventTarget(), isOnline: () => true, offlineInterval: 0, name: "outside" },
])("%j can work", (options) => {
  expect(() => environment(options)).not.toThrow();
});

test("any EventTarget tells events", () => {
  expectTypeOf<EventTarget>().toExtend<NonNullable<EnvironmentOptions["events"]>>();
});
