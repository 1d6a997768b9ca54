import { noRetry } from "@stream-tungstenite/retry";
import { describe, expect, test } from "vitest";
import { sendMessage } from "./index.ts";
import { flatten } from "./plugin-list.ts";
import type { Plugin } from "./plugin.ts";

function flat(list: unknown, seen?: Plugin[]) {
  const faults: string[] = [];
  return { plugins: flatten(list, faults, seen), faults };
}
const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }));

describe("a list of plugins", () => {
  test("is flattened in order; false, null and undefined are skipped", () => {
    expect(flat([a, [false, [b, null]], undefined, c])).toEqual({ plugins: [a, b, c], faults: [] });
  });

  test("may hold whatever has a name and good hooks", () => {
    const plugins = [
      noRetry(),
      sendMessage("x"),
      { name: "", onSend: null, setup: undefined, handshakeTimeout: 0 },
    ];
    expect(flat(plugins)).toEqual({ plugins, faults: [] });
  });

  test("has no object twice, those that were seen before included", () => {
    expect(flat([a, [[a]]]).faults).toEqual(["plugins: 'a' is in the list twice"]);
    expect(flat([b, a], [a!]).faults).toEqual(["plugins: 'a' is in the list twice"]);
  });

  test.each([
    [undefined, "plugins: a list is needed, not undefined"],
    ["text", "plugins: a list is needed, not string"],
    [{ length: 0 }, "plugins: a list is needed, not object"],
    [[true], "plugins: a plugin is an object with a name, not boolean"],
    [[noRetry], "plugins: a plugin is an object with a name, not function"],
    [[{}], "plugins: a plugin is an object with a name, not object"],
    [[{ name: "x", connect: 1 }], "plugins: connect of 'x' is a function, not number"],
    [[{ name: "x", onProbe: {} }], "plugins: onProbe of 'x' is a function, not object"],
    [
      [{ name: "x", handshakeTimeout: NaN }],
      "plugins: handshakeTimeout of 'x' is a number of milliseconds, 0 or more, not NaN",
    ],
    [
      [{ name: "x", handshakeTimeout: Infinity }],
      "plugins: handshakeTimeout of 'x' is a number of milliseconds, 0 or more, not Infinity",
    ],
    [
      [{ name: "x", handshakeTimeout: "1" }],
      "plugins: handshakeTimeout of 'x' is a number of milliseconds, 0 or more, not '1'",
    ],
    [
      [{ name: "x", handshakeTimeout: -1 }],
      "plugins: handshakeTimeout of 'x' is a number of milliseconds, 0 or more, not -1",
    ],
  ])("is not %o", (list, fault) => {
    expect(flat(list).faults).toEqual([fault]);
  });
});
