import { join } from "node:path";
import { entryPoints } from "./bundle.ts";
import { bin, run } from "./run.ts";
import { staleFiles } from "./stale-files.ts";
import { type Package, root } from "./workspace.ts";

/** Packs a package as it would be published and returns the path of the archive. */
export function pack({ directory, manifest }: Package, destination: string): string {
  run(bin("pnpm"), ["pack", "--pack-destination", destination], directory);
  const [scope, name] = manifest.name.slice(1).split("/");
  return join(destination, `${scope}-${name}-${manifest.version}.tgz`);
}

/** What is wrong with the files of an archive, and with the archive for publint and attw. */
export function tarballFaults(
  { directory, manifest }: Package,
  archive: string,
): readonly string[] {
  const files = run("tar", ["-tzf", archive], root)
    .trim()
    .split("\n")
    .map((file) => file.replace(/^package\//, ""));
  const hasKit = "./testing" in (manifest.exports ?? {});
  const isForTests = (file: string): boolean =>
    /\.test\.|\/test-kit\./.test(file) || (!hasKit && /^(?:src|dist)\/testing\//.test(file));
  const faults = files
    .filter((file) => !allowed.test(file) || isForTests(file))
    .map((file) => `publishes ${file}`);

  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const file of ["README.md", "LICENSE", ...targets.map((target) => target.slice(2))]) {
    if (!files.includes(file)) faults.push(`does not publish ${file}`);
  }
  const stale = staleFiles(directory, Object.keys(entryPoints(manifest)));
  faults.push(...stale.map((file) => `${file} is left from an earlier build`));
  for (const [tool, ...flags] of tools) {
    try {
      run(bin(tool), [...flags, archive], root);
    } catch (error) {
      faults.push(`${tool}: ${String(error)}`);
    }
  }
  return faults;
}

const allowed =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|src\/.+\.ts|dist\/.+\.(?:js|d\.ts)(?:\.map)?)$/;

const tools = [
  ["publint", "run", "--strict"],
  ["attw", "--profile", "esm-only", "--no-definitely-typed"],
] as const;
