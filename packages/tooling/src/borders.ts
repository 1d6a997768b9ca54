import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { type Import, importsOf } from "./imports.ts";
import { isMain, type Manifest, type Package, root, workspacePackages } from "./workspace.ts";

// Who may import whom:
//
//                retry            imports nothing
//                  ▲
//                core             retry alone; no node:*
//                  ▲
//   ┌──────────────┴──────────┐
//   transports, handshakes,     core, and the third-party packages of their own package.json;
//   extensions                  node:* in those made for Node; never each other
//
//   examples                  published entry points, and the third-party packages of their own package.json
//
//   rig                       core; only tests of what stands on core, and private packages, import it

const scope = "@stream-tungstenite/";
const retry = `${scope}retry`;
const core = `${scope}core`;
const kit = `${core}/testing`;
/** Private, and declared at the root: a package that declared it would publish its name. */
const rig = "rig";

/** The packages that may use Node's own modules; all others run in a browser too. */
const forNode = new Set([`${scope}transport-node`]);
/** What tests may import besides what their package may. */
const testTools = new Set(["vitest"]);

interface File {
  readonly owner: Package;
  /** As seen from the owner's directory: `src/clock.ts`. */
  readonly path: string;
  readonly isTest: boolean;
}

/** Every import and every declared dependency that crosses a border, as `file:line: what is wrong`. */
export function borderFaults(directory: string = root): readonly string[] {
  const packages = workspacePackages(directory).filter(
    ({ manifest }) => manifest.name !== "tooling",
  );
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  return packages.flatMap((owner) => [
    ...dependencyFaults(owner, byName).map((fault) => `${owner.path}/package.json: ${fault}`),
    ...sourceFiles(owner).flatMap((file) =>
      fileFaults(file, byName).map((fault) => `${owner.path}/${file.path}:${fault}`),
    ),
  ]);
}

/** What a file's imports break, as `line: what`. */
function fileFaults(file: File, workspace: ReadonlyMap<string, Package>): readonly string[] {
  const code = readFileSync(join(file.owner.directory, file.path), "utf8");
  let imports: readonly Import[];
  try {
    imports = importsOf(code);
  } catch (error) {
    return [`1: cannot be parsed: ${String(error)}`];
  }
  return imports.flatMap(({ specifier, line }) => {
    const fault = importFault(specifier, file, workspace);
    return fault === undefined ? [] : [`${line}: ${fault}`];
  });
}

function sourceFiles(owner: Package): readonly File[] {
  return globSync("**/*.{ts,tsx,mts,js,mjs}", {
    cwd: owner.directory,
    exclude: (name) => name === "node_modules" || name === "dist" || name === ".turbo",
  })
    .map((name) => name.replaceAll("\\", "/"))
    .toSorted()
    .map((path) => ({ owner, path, isTest: isTestCode(owner.manifest, path) }));
}

/** Tests, and what only they use: `src/test-kit.ts`, and `src/testing` unless the package offers it to its users. */
function isTestCode({ exports = {} }: Manifest, path: string): boolean {
  if (/\.test\.[a-z]+$/.test(path) || path === "src/test-kit.ts") return true;
  return path.startsWith("src/testing/") && !("./testing" in exports);
}

/** Why a file may not import this, if it may not. */
function importFault(
  specifier: string,
  file: File,
  workspace: ReadonlyMap<string, Package>,
): string | undefined {
  const { manifest } = file.owner;
  if (specifier === "?") return "imports what only the run decides; name it";
  if (specifier.startsWith("/") || specifier.startsWith("file:"))
    return `imports the path ${specifier}`;
  if (specifier.startsWith(".")) return relativeFault(specifier, file);

  const name = packageName(specifier);
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    const allowed = file.isTest || manifest.private === true || forNode.has(manifest.name);
    return allowed ? undefined : `imports ${specifier}, but ${manifest.name} is not for Node alone`;
  }
  if ((file.isTest || manifest.private === true) && testTools.has(name)) return undefined;

  const target = workspace.get(name);
  if (target !== undefined) {
    if (!exportsPath(target.manifest, specifier))
      return `imports ${specifier}, which ${name} does not export`;
    if (name === manifest.name) {
      return file.isTest ? undefined : `imports its own package by name: ${specifier}`;
    }
    const isAllowed = name === rig ? mayUseRig(file) : mayUse(manifest, name);
    if (!isAllowed && !(file.isTest && name === retry))
      return `imports ${specifier}, which ${manifest.name} may not use`;
    if (specifier === kit && !file.isTest && manifest.private !== true) {
      return `imports ${specifier} outside a test`;
    }
    if (name === rig) return undefined;
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const optional = { ...manifest.optionalDependencies };
  const forTests = file.isTest || manifest.private === true ? manifest.devDependencies : {};
  if (name in declared || name in optional || name in { ...forTests }) return undefined;
  return `imports ${specifier}, but ${file.owner.path}/package.json does not declare ${name}`;
}

/** A relative path stays inside its package's sources, and `testing` serves only itself and tests. */
function relativeFault(specifier: string, { path, isTest, owner }: File): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("..")) return `imports ${specifier}, which leaves the package`;
  if (target.startsWith("dist/")) return `imports ${specifier}, which is built`;
  if (owner.manifest.private === true) return undefined;
  const isKit = target.startsWith("src/testing/");
  if (isKit && !isTest && !path.startsWith("src/testing/"))
    return `imports ${specifier} outside a test`;
  if (!isTest && isTestCode(owner.manifest, target)) return `imports ${specifier}, a test`;
  return undefined;
}

/** Whether the package's manifest may name another package of the workspace at all. */
function mayUse(manifest: Manifest, name: string): boolean {
  if (manifest.name === rig) return name === core;
  if (manifest.private === true) return name.startsWith(scope);
  if (manifest.name === retry) return false;
  if (manifest.name === core) return name === retry;
  return name === core;
}

/** The rig is for private packages and for the tests of what stands on core; examples use what their readers have. */
function mayUseRig({ owner, isTest }: File): boolean {
  if (owner.path.startsWith("examples/")) return false;
  return owner.manifest.private === true || (isTest && mayUse(owner.manifest, core));
}

/** What is wrong with the dependencies that a package declares. */
function dependencyFaults(
  { manifest }: Package,
  workspace: ReadonlyMap<string, Package>,
): readonly string[] {
  const faults: string[] = [];
  const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const own = [...Object.keys(dependencies), ...Object.keys(manifest.peerDependencies ?? {})];
  for (const name of own) {
    if (workspace.has(name) && !mayUse(manifest, name)) faults.push(`depends on ${name}`);
  }
  if (rig in { ...manifest.devDependencies }) faults.push(`declares ${rig}, as only the root does`);
  if (manifest.private === true) return faults;
  const third = own.filter((name) => !workspace.has(name));
  if (manifest.name === retry || manifest.name === core) {
    faults.push(...third.map((name) => `depends on ${name}, but stands on nothing of others`));
  } else {
    // Two copies of core in one application would not know each other's symbols, so plugins never bring their own.
    if (core in dependencies) faults.push(`depends on ${core}, which must be a peer dependency`);
    if (!(core in (manifest.peerDependencies ?? {})))
      faults.push(`lacks the peer dependency on ${core}`);
  }
  return faults;
}

/** `@scope/name` or `name` of a specifier that may go deeper. */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function exportsPath(manifest: Manifest, specifier: string): boolean {
  const path = `.${specifier.slice(manifest.name.length)}`;
  return path in (manifest.exports ?? {});
}

if (isMain(import.meta.url)) {
  const faults = borderFaults();
  for (const fault of faults) console.error(fault);
  console.log(
    faults.length === 0 ? "No import crosses a border." : `${faults.length} border faults.`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
