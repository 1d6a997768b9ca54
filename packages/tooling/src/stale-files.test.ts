import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { staleFiles } from "./stale-files.ts";

const directory = mkdtempSync(join(tmpdir(), "st-stale-"));
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), code);
  }
}

test("what is not reached from an entry point, types without a source, and maps of either are left from an earlier build", () => {
  write({
    "src/index.ts": "",
    "dist/index.js": `import "./shared.js"; export const f = () => import("./lazy.js");`,
    "dist/index.js.map": "",
    "dist/index.d.ts": "",
    "dist/index.d.ts.map": "",
    "dist/.tsbuildinfo": "",
    "dist/lazy.js": `import "./index.js";`,
    "dist/shared.js": "",
    "dist/testing/index.js": `import "../kit.js";`,
    "dist/kit.js": "",
    "dist/old.js": "",
    "dist/old.d.ts": "",
    "dist/zz/old.js.map": "",
    "dist/zz/old.d.ts.map": "",
    "dist/zz/index.html": "",
  });
  expect(staleFiles(directory, ["index", "testing/index"])).toEqual([
    "dist/old.d.ts",
    "dist/old.js",
    "dist/zz/index.html",
    "dist/zz/old.d.ts.map",
    "dist/zz/old.js.map",
  ]);
});
