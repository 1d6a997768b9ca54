import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, isMain, readManifest, root } from "./workspace.ts";

/**
 * What is wrong with the lockfile: an address of a registry (it would bind everybody to one), or a platform's binary
 * that an installed package names and the lockfile lacks (a registry without it drops it silently, and the tool then
 * does not start on that platform).
 */
export function lockfileFaults(
  lockfile: string,
  installed: readonly Manifest[],
): readonly string[] {
  const addresses = lockfile
    .split("\n")
    .flatMap((line, index) =>
      /https?:\/\/|tarball:/.test(line) ? [`line ${index + 1} has an address`] : [],
    );
  const missing = installed.flatMap(({ name, version, optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {})
      .filter((optional) => !lockfile.includes(`${optional}@`))
      .map((optional) => `${name}@${version} names ${optional}, which is not in the lockfile`),
  );
  return [...addresses, ...missing];
}

/** The manifests of all packages that are installed. */
function installedManifests(): readonly Manifest[] {
  const store = join(root, "node_modules", ".pnpm");
  return globSync("*/node_modules/{*,@*/*}", { cwd: store })
    .filter((path) => existsSync(join(store, path, "package.json")))
    .map((path) => readManifest(join(store, path)));
}

if (isMain(import.meta.url)) {
  const faults = new Set(
    lockfileFaults(readFileSync(join(root, "pnpm-lock.yaml"), "utf8"), installedManifests()),
  );
  for (const fault of faults) console.error(`pnpm-lock.yaml: ${fault}`);
  console.log(faults.size === 0 ? "The lockfile is complete." : `${faults.size} lockfile faults.`);
  process.exitCode = faults.size === 0 ? 0 : 1;
}
