import { expect, test } from "vitest";
import { missing } from "./missing.ts";

test("a capability is there unless it is stated to be missing", () => {
  expect(missing("it", undefined)).toBeUndefined();
  expect(missing("it", ["ping"])).toBeUndefined();
  expect(missing("it", ["ping"], { ping: true })).toBeUndefined();
  expect(missing("it", ["ping"], { ping: undefined })).toBeUndefined();
});

test("what is missing is named, all of it", () => {
  expect(missing("it", ["ping", "pause"], { ping: false })).toBe("it lacks ping");
  expect(missing("it", ["ping", "pause"], { ping: false, pause: false })).toBe(
    "it lacks ping and pause",
  );
});
