import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Package, root } from "./workspace.ts";

/** What a published package lacks before it is even packed. */
export function manifestFaults({ directory, manifest }: Package): readonly string[] {
  const faults: string[] = [];
  const expect = (isTrue: boolean, fault: string): void => {
    if (!isTrue) faults.push(fault);
  };
  expect(manifest.name.startsWith("@stream-tungstenite/"), "its name lacks the scope");
  expect(/^\d+\.\d+\.\d+/.test(manifest.version ?? ""), "it has no version");
  expect((manifest.description ?? "").endsWith("."), "its description is no sentence");
  expect((manifest.keywords ?? []).length > 0, "it has no keywords");
  expect(manifest.license === "Apache-2.0", "its license is not Apache-2.0");
  expect(manifest.type === "module", 'its type is not "module"');
  expect(manifest.sideEffects === false, "sideEffects is not false");
  expect(manifest.engines?.["node"] === ">=20.19.0", "engines.node is not >=20.19.0");
  expect(manifest.publishConfig?.["access"] === "public", "publishConfig.access is not public");
  expect(existsSync(join(directory, "README.md")), "it has no README.md");
  for (const [path, target] of Object.entries(manifest.exports ?? {})) {
    if (path === "./package.json") continue;
    const conditions = typeof target === "string" ? [] : Object.keys(target).join(" ");
    // A condition behind `default` would never be reached.
    expect(
      conditions === "@stream-tungstenite/source types default",
      `exports["${path}"] has not the conditions @stream-tungstenite/source, types, default in this order`,
    );
  }
  expect("./package.json" in (manifest.exports ?? {}), "it does not export ./package.json");
  return faults;
}

/** Packages whose next release nobody has described: neither a changelog of their version nor a changeset. */
export function undescribedReleases(packages: readonly Package[]): readonly string[] {
  const changesets = globSync(".changeset/*.md", { cwd: root }).map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  return packages
    .filter(({ directory, manifest }) => {
      const changelog = join(directory, "CHANGELOG.md");
      const isReleased =
        existsSync(changelog) && readFileSync(changelog, "utf8").includes(`## ${manifest.version}`);
      return !isReleased && !changesets.some((text) => text.includes(`"${manifest.name}":`));
    })
    .map(({ path }) => `${path}: no changeset names it and no changelog has its version`);
}
