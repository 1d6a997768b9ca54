import { faultsOf } from "rig";
import { describe, expect, test } from "vitest";
import { auth } from "./index.ts";
import type { AuthOptions } from "./index.ts";

const faults = (token: unknown, options?: unknown): readonly string[] =>
  faultsOf(() => auth(token as string, options as AuthOptions));

describe("options that cannot work", () => {
  test("are all listed in one error", () => {
    expect(
      faults("", {
        format: "Bearer",
        reply: { accept: "yes" },
        closeCodes: [1006],
        timeout: -1,
        name: "",
        tiemout: 5,
      }),
    ).toEqual([
      "auth.token: it is empty",
      "auth.format: a template with one {} is needed, not with 0",
      "auth.reply: true or { accept, reject } is needed, not an object",
      "auth.closeCodes: no server sends 1006",
      "auth.timeout: a number of milliseconds, 0 or more, is needed, not -1",
      "auth.name: a text that is not empty is needed, not ''",
      "auth.tiemout: there is no such option",
    ]);
  });

  test.each([undefined, null, 7, {}])("the token %s", (token) => {
    expect(faults(token)).toEqual([`auth.token: a string is needed, not ${typeof token}`]);
  });

  test.each(["a\ud800", "\udc00a", "\ud83d\ude00\ude00"])(
    "a token with a lone surrogate, which is not quoted",
    (token) => {
      expect(faults(token)).toEqual(["auth.token: a lone surrogate, which UTF-8 cannot carry"]);
    },
  );

  test.each([
    [null, "null"],
    [5, "5"],
    ["json", "'json'"],
    [() => {}, "a function"],
  ])("options that are no object: %s", (options, shown) => {
    expect(faults("t", options)).toEqual([`auth: an object is needed, not ${shown}`]);
  });

  test.each([
    ["secret", 0],
    ["{secret}", 0],
    ["secret {} {}", 2],
    ["", 0],
    [7, 0],
    [null, 0],
  ])("a template, which is not quoted, without exactly one {}: %s", (format, count) => {
    expect(faults("t", { format })).toEqual([
      `auth.format: a template with one {} is needed, not with ${count}`,
    ]);
  });

  test.each([false, null, "yes", {}, { reject: () => true }, { accept: () => true, reject: 1 }])(
    "reply %s",
    (reply) => {
      expect(faults("t", { reply })).toHaveLength(1);
    },
  );

  test.each([
    [[1008, 999], "no server sends 999"],
    [[1005, 1006, 1015, 4401], "no server sends 1005, 1006, 1015"],
    [[5000, 1e21], "no server sends 5000, 1e+21"],
    [["1008", 1000.5, [1008]], "no server sends '1008', 1000.5, an object"],
    [Array(1), "no server sends undefined"],
    [1008, "a list of close codes is needed, not 1008"],
    [null, "a list of close codes is needed, not null"],
  ])("close codes %s, which are shown", (closeCodes, fault) => {
    expect(faults("t", { closeCodes })).toEqual([`auth.closeCodes: ${fault}`]);
  });

  test("many close codes, of which the first are shown", () => {
    const [fault = ""] = faults("t", { closeCodes: Array.from({ length: 1_000 }, () => 7) });
    expect(fault).toMatch(/^auth\.closeCodes: no server sends 7, 7, 7/);
    expect(fault.length).toBeLessThan(300);
  });

  test.each([-1, Infinity, NaN, "5"])("timeout %s", (timeout) => {
    expect(faults("t", { timeout })).toHaveLength(1);
  });
});

test("options at their limits are good", () => {
  expect(faults("😀", { format: "{}" })).toEqual([]);
  expect(faults(() => "t", { format: "{{}}", timeout: 0, closeCodes: [1000, 4999] })).toEqual([]);
  expect(faults("t", { reply: { accept: () => true }, closeCodes: [] })).toEqual([]);
});
