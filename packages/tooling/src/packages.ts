import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consumerFaults } from "./consumer.ts";
import { manifestFaults, undescribedReleases } from "./manifest-faults.ts";
import { pack, tarballFaults } from "./tarball.ts";
import { publishedPackages } from "./workspace.ts";

// Checks every published package as its users get it: manifest, archive, and an installation into a clean project.
// Needs a build (`pnpm build`) and, for the installation, the network.

const packages = publishedPackages();
const directory = mkdtempSync(join(tmpdir(), "st-packages-"));
process.once("exit", () => {
  rmSync(directory, { recursive: true });
});
const archives = join(directory, "archives");
mkdirSync(archives);

const faults: string[] = [...undescribedReleases(packages)];
const packed: string[] = [];
for (const each of packages) {
  console.log(`${each.manifest.name}: manifest and archive`);
  const archive = pack(each, archives);
  packed.push(archive);
  const found = [...manifestFaults(each), ...tarballFaults(each, archive)];
  faults.push(...found.map((fault) => `${each.path}: ${fault}`));
}
console.log(
  "a clean project: install, import, require, TypeScript 5.9, 6.0 and 7.0, README snippets",
);
faults.push(...consumerFaults(packages, packed, join(directory, "consumer")));

for (const fault of faults) console.error(fault);
console.log(
  faults.length === 0
    ? `${packages.length} packages are fit to publish.`
    : `${faults.length} faults.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
