import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const scriptsOf = (path: string): Readonly<Record<string, string>> =>
  (
    JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    }
  ).scripts;

it("starts nothing from sources: Node 20 runs no TypeScript", () => {
  const { dashboard } = scriptsOf("../../../package.json");
  const commands = [dashboard!, ...Object.values(scriptsOf("../package.json"))];
  for (const command of commands) expect(command).not.toMatch(/node .*\.ts\b/);
  expect(dashboard).toMatch(
    /turbo run build --filter=dashboard .*&& node examples\/dashboard\/dist\//,
  );
});
