import { expect, test } from "vitest";
import { selfTimes, shortUrl } from "./self-times.ts";

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

test("Times are summed up by function and by file, waiting left out", () => {
  const profile = {
    nodes: [
      frame(1, "(idle)", ""),
      frame(2, "send", "file:///a/packages/core/dist/sender.js"),
      frame(3, "", "file:///a/packages/core/dist/sender.js"),
      frame(4, "(garbage collector)", ""),
    ],
    samples: [1, 2, 3, 4, 2],
    timeDeltas: [500, 10, 20, 30, 40],
  };
  const { functions, files } = selfTimes([profile, profile]);
  expect(functions).toEqual([
    { name: "send core/dist/sender.js:10", share: 0.5 },
    { name: "(garbage collector)", share: 0.3 },
    { name: "() core/dist/sender.js:10", share: 0.2 },
  ]);
  expect(files.map(({ name }) => name)).toEqual(["core/dist/sender.js", "(garbage collector)"]);
});

test("What has neither a name nor a file is native", () => {
  const { files } = selfTimes([{ nodes: [frame(1, "", "")], samples: [1], timeDeltas: [10] }]);
  expect(files).toEqual([{ name: "(native)", share: 1 }]);
});

test("A file is named from its package on", () => {
  expect(shortUrl("file:///x/node_modules/.pnpm/ws@8/node_modules/ws/lib/receiver.js")).toBe(
    "ws/lib/receiver.js",
  );
  expect(shortUrl("node:internal/streams/writable")).toBe("node:internal/streams/writable");
});
