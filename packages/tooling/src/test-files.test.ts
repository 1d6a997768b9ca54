import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { root } from "./workspace.ts";

interface Statement {
  readonly type: string;
  readonly declare?: boolean;
  readonly declaration?: Statement | null;
}

/** Whether a statement vanishes when it is compiled or only passes names on. */
function isCodeless({ type, declare, declaration }: Statement): boolean {
  switch (type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return true;
    case "ExportNamedDeclaration":
      return declaration === null || declaration === undefined || isCodeless(declaration);
    default:
      return declare === true;
  }
}

/** Whether a module has code of its own: not if it only declares types or lists what others export. */
function hasCode(file: string): boolean {
  const { body } = parseAst(readFileSync(join(root, file), "utf8"), { lang: "ts" });
  return (body as readonly Statement[]).some((statement) => !isCodeless(statement));
}

test.each(["packages/retry", "packages/core"])(
  "each source file with code in %s has a test file of its own",
  (path) => {
    const files = globSync(`${path}/src/**/*.ts`, { cwd: root });
    const tests = new Set(files.filter((file) => file.endsWith(".test.ts")));
    const sources = files.filter(
      (file) => !tests.has(file) && !file.endsWith("/test-kit.ts") && hasCode(file),
    );
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((file) => !tests.has(file.replace(/\.ts$/, ".test.ts")))).toEqual([]);
  },
);
