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
      "auth: token: it is empty",
      "auth: format: a template with one {} is needed, not with 0",
      "auth: reply: true or { accept, reject } is needed",
      "auth: closeCodes: codes that a server sends are needed",
      "auth: timeout: milliseconds, 0 or more, are needed, not -1",
      "auth: name: a string is needed",
      "auth: tiemout: there is no such option",
    ]);
  });

  test.each([undefined, null, 7, {}])("the token %s", (token) => {
    expect(faults(token)).toEqual([`auth: token: a string is needed, not ${typeof token}`]);
  });

  test.each(["a\ud800", "\udc00a", "\ud83d\ude00\ude00"])(
    "a token with a lone surrogate, which is not quoted",
    (token) => {
      expect(faults(token)).toEqual(["auth: token: a lone surrogate, which UTF-8 cannot carry"]);
    },
  );

  test("null instead of options", () => {
    expect(faults("t", null)).toEqual(["auth: options: there is no such option"]);
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
      `auth: format: a template with one {} is needed, not with ${count}`,
    ]);
  });

  test.each([false, null, "yes", {}, { reject: () => true }, { accept: () => true, reject: 1 }])(
    "reply %s",
    (reply) => {
      expect(faults("t", { reply })).toHaveLength(1);
    },
  );

  test.each([
    [[999]],
    [[5000]],
    [[1005]],
    [[1006]],
    [[1015]],
    [["1008"]],
    [[1000.5]],
    [1008],
    [null],
  ])("close codes %s", (closeCodes) => {
    expect(faults("t", { closeCodes })).toHaveLength(1);
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
