import { expect, test } from "vitest";
import { lockfileFaults } from "./lockfile.ts";

const turbo = {
  name: "turbo",
  version: "2.0.0",
  optionalDependencies: { "@turbo/linux-64": "2.0.0" },
};

test("a lockfile with every platform's binary has no faults", () => {
  expect(lockfileFaults("packages:\n  '@turbo/linux-64@2.0.0':\n", [turbo])).toEqual([]);
});

test("a binary that the lockfile lacks is a fault", () => {
  expect(lockfileFaults("packages:\n", [turbo])).toEqual([
    "turbo@2.0.0 names @turbo/linux-64, which is not in the lockfile",
  ]);
});

test("an address is a fault", () => {
  const address = ["https", "//packages.example/a.tgz"].join(":");
  expect(lockfileFaults(`a:\n  resolution: { integrity: x, url: ${address} }\n`, [])).toEqual([
    "line 2 has an address",
  ]);
});
