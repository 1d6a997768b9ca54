import { ConfigurationError } from "@stream-tungstenite/core";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { EnvironmentOptions } from "./environment-options.ts";
import { environment } from "./environment.ts";

describe("options that cannot work", () => {
  test.each<[string, object | null, string]>([
    ["no object", null, "options: an object is needed"],
    ["an unknown name", { offline: 1 }, "offline: there is no such option"],
    ["events of another kind", { events: {} }, "events: an EventTarget is needed"],
    ["events that are a function", { events: () => {} }, "events: an EventTarget is needed"],
    [
      "events that nobody could stop hearing",
      { events: { addEventListener() {} } },
      "events: an EventTarget is needed, but an object has no removeEventListener",
    ],
    [
      "no events",
      { events: null },
      "events: an EventTarget is needed, but null has no addEventListener and removeEventListener",
    ],
    ["isOnline as a value", { isOnline: false }, "isOnline: a function is needed"],
    [
      "an interval as text",
      { offlineInterval: "1s" },
      "offlineInterval: a number of milliseconds, 0 or more, is needed, not '1s'",
    ],
    ["a negative interval", { offlineInterval: -1 }, "0 or more, is needed, not -1"],
    ["an endless interval", { offlineInterval: Infinity }, "0 or more, is needed, not Infinity"],
    ["an interval that is no number", { offlineInterval: NaN }, "0 or more, is needed, not NaN"],
    ["a name of another kind", { name: 1 }, "name: a text that is not empty is needed"],
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
