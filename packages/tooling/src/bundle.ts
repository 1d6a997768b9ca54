import { rolldown } from "rolldown";
import { isMain, type Manifest, readManifest } from "./workspace.ts";

// Writes the JavaScript of a published package; runs in the package's directory, before `tsc -b` writes the types.
//
//   exports["."]           src/index.ts          ->  dist/index.js
//   exports["./testing"]   src/testing/index.ts  ->  dist/testing/index.js
//   what both of them use                        ->  a chunk beside them: two copies of a class fail `instanceof`
//   src/errors.ts                                ->  dist/errors.js, with all that it imports
//   import("./tunnel.ts")                        ->  dist/tunnel.js, still loaded on demand
//
// Node takes about half a millisecond to find, read and link a module, however small: with a file for each source,
// core, retry and transport-node took twice as long to import as with these few.

/** The source of each entry point, by the path of its file below `dist`, without the ending. */
export function entryPoints({ exports = {} }: Manifest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(exports).flatMap((target) => {
      if (typeof target === "string") return [];
      const { "@stream-tungstenite/source": source, default: built } = target;
      const name = /^\.\/dist\/(.+)\.js$/.exec(built ?? "")?.[1];
      return source === undefined || name === undefined ? [] : [[name, source]];
    }),
  );
}

/**
 * Bundles the package in `directory` into its `dist`; nothing older stays there.
 *
 * @throws Error when the bundler warns, or had to give a class another name
 */
export async function bundle(directory: string): Promise<void> {
  const manifest = readManifest(directory);
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const warnings: string[] = [];
  const build = await rolldown({
    cwd: directory,
    input: entryPoints(manifest),
    // Other packages stay imports: with a copy of core inside, errors of a plugin would fail `instanceof`.
    // What the manifest does not name cannot be resolved, and the bundler warns.
    external: (id) =>
      packages.some((name) => id === name || id.startsWith(`${name}/`)) || id.startsWith("node:"),
    platform: "neutral",
    transform: { target: "es2022" },
    onLog: (level, { message }) => {
      if (level === "warn") warnings.push(message);
    },
  });
  const { output } = await build.write({
    dir: "dist",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    // The error classes get their names and codes by statements at the top level. Bundlers keep such statements of
    // every file that they need anything of; of a file that they need nothing of they keep none (`sideEffects`).
    codeSplitting: { groups: [{ name: "errors", test: /\/src\/errors\.ts$/ }] },
    // Users read these files in stack traces and step through them.
    minify: false,
    minifyInternalExports: false,
    // The maps lead to the sources, which are published beside `dist`.
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
  for (const chunk of output) {
    if (chunk.type !== "chunk") continue;
    // Of two classes with the same name one gets a number, which then shows in logs and heap snapshots.
    for (const [, name] of chunk.code.matchAll(/^var (\w+)\$\d+ = class\b/gm))
      warnings.push(`two classes are called ${name}`);
  }
  if (warnings.length > 0) throw new Error(`${directory}: ${warnings.join("\n")}`);
}

if (isMain(import.meta.url)) await bundle(process.cwd());
