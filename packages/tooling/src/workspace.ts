import { globSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root directory. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly publishConfig?: Readonly<Record<string, string>>;
  readonly repository?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface Package {
  /** Its directory, absolute. */
  readonly directory: string;
  /** Its directory as seen from the root, with forward slashes: `packages/core`. */
  readonly path: string;
  readonly manifest: Manifest;
}

/** All packages below `packages` and `examples` of a workspace, by path. */
export function workspacePackages(directory: string = root): readonly Package[] {
  return globSync("{packages,examples}/*/package.json", { cwd: directory })
    .map((file) => dirname(file).replaceAll("\\", "/"))
    .toSorted()
    .map((path) => ({
      path,
      directory: join(directory, path),
      manifest: readManifest(join(directory, path)),
    }));
}

/** The packages that are published. */
export function publishedPackages(directory: string = root): readonly Package[] {
  return workspacePackages(directory).filter(({ manifest }) => manifest.private !== true);
}

/** Reads the package.json of a directory. */
export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** Whether a module is what Node was started with; `import.meta.main` needs Node 24. */
export function isMain(url: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}
