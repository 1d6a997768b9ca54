import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { importsOf } from "./imports.ts";

/**
 * What is in the `dist` of a package and is not of its sources: JavaScript that no entry point imports, and types
 * without a source. Whoever fetches a build from a cache keeps such files, and they would be published.
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
  return globSync("dist/**/*.{js,d.ts}", { cwd: directory })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted()
    .filter((file) =>
      file.endsWith(".js")
        ? !used.has(file)
        : !existsSync(join(directory, file.replace(/^dist(.+)\.d\.ts$/, "src$1.ts"))),
    );
}
