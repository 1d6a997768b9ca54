import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { importsOf } from "./imports.ts";

/**
 * What is in the `dist` of a package and is not of its sources: JavaScript that no entry point imports, types without
 * a source, maps of either, and whatever else no build writes. Whoever fetches a build from a cache keeps such files,
 * and they would be published.
 *
 * @param entries - the files of the entry points below `dist`, without their ending
 */
export function staleFiles(directory: string, entries: readonly string[]): readonly string[] {
  const used = new Set<string>();
  const visit = (file: string): void => {
    if (used.has(file) || !existsSync(join(directory, file))) return;
    used.add(file);
    for (const { specifier } of importsOf(readFileSync(join(directory, file), "utf8"))) {
      if (specifier.startsWith(".")) visit(posix.join(posix.dirname(file), specifier));
    }
  };
  for (const entry of entries) visit(`dist/${entry}.js`);
  const isBuilt = (file: string): boolean =>
    used.has(file) ||
    (file.endsWith(".d.ts") &&
      existsSync(join(directory, file.replace(/^dist(.+)\.d\.ts$/, "src$1.ts"))));
  return globSync("dist/**/*", { cwd: directory, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted()
    .filter((file) => file !== "dist/.tsbuildinfo" && !isBuilt(file.replace(/\.map$/, "")));
}
