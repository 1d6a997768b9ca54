import { expect, it } from "vitest";
import { pageDirectory } from "../testing/page-directory.ts";
import { readPageFiles } from "./page-files.ts";

it("reads every file by the path at which it is served, the index at the root too", () => {
  using page = pageDirectory({ "index.html": "<p>", "assets/a.js": "1", "assets/b.bin": "2" });
  const files = readPageFiles(page.path);
  const types = [...files].map(([path, { type }]) => [path, type]);
  expect(Object.fromEntries(types)).toEqual({
    "/": "text/html; charset=utf-8",
    "/index.html": "text/html; charset=utf-8",
    "/assets/a.js": "text/javascript; charset=utf-8",
    "/assets/b.bin": "application/octet-stream",
  });
  expect(files.get("/assets/a.js")?.body.toString()).toBe("1");
});

it("says so when the page is not built", () => {
  using page = pageDirectory({});
  expect(() => readPageFiles(page.path)).toThrow("The page is not built");
  expect(() => readPageFiles(`${page.path}/nowhere`)).toThrow("The page is not built");
});
