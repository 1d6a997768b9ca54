import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.ts";
import { snippetsOf } from "./snippets.ts";
import { type Package, root } from "./workspace.ts";

/** The compilers that users of the packages may have. */
const compilers = ["5.9", "6.0", "7.0"] as const;

/** Globals that no package may touch while it is imported: servers, workers and browsers lack one or the other. */
const globals = [
  "window",
  "document",
  "location",
  "navigator",
  "WebSocket",
  "Buffer",
  "fetch",
  "crypto",
  "performance",
  "setTimeout",
  "setInterval",
  "AbortController",
  "AbortSignal",
  "URL",
  "console",
];

/** What is wrong with the packages for somebody who installs their archives into a clean npm project. */
export function consumerFaults(
  packages: readonly Package[],
  archives: readonly string[],
  directory: string,
): readonly string[] {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "private": true, "type": "module" }\n');
  const typescript = compilers.map(
    (version) => `typescript-${version}@npm:typescript@~${version}.0`,
  );
  const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", ...flags, ...archives, ...typescript, "@types/node@^20"], directory);
  return [
    ...packages.flatMap((each) =>
      entriesOf(each).flatMap((entry) => importFaults(entry, isForNode(each), directory)),
    ),
    ...typeFaults(packages, directory),
    ...snippetFaults(packages, directory),
  ];
}

function entriesOf({ manifest }: Package): readonly string[] {
  return Object.keys(manifest.exports ?? {})
    .filter((path) => path !== "./package.json")
    .map((path) => manifest.name + path.slice(1));
}

function isForNode({ manifest }: Package): boolean {
  return manifest.name.endsWith("-node");
}

/** Imports and requires an entry point on the system's Node and on the one that runs this. */
function importFaults(entry: string, forNode: boolean, directory: string): readonly string[] {
  const names = `Object.keys(m).filter((n) => n !== "__esModule" && n !== "module.exports").sort().join()`;
  const guard = globals
    .map(
      (name) =>
        `Object.defineProperty(globalThis, "${name}", { configurable: true, get() { touched.push("${name}"); } });`,
    )
    .join("\n");
  const print = "const { log } = console;";
  const scripts = {
    "import.mjs": `const m = await import("${entry}"); console.log(${names});`,
    "require.cjs": `const m = require("${entry}"); console.log(${names});`,
    "bare.mjs": `${print} const touched = [];\n${guard}\nawait import("${entry}"); log(touched.join());`,
  };
  const faults: string[] = [];
  for (const node of new Set([process.execPath, systemNode()])) {
    const print = (file: keyof typeof scripts): string => {
      writeFileSync(join(directory, file), scripts[file]);
      return run(node, [file], directory).trim();
    };
    const version = run(node, ["--version"], directory).trim();
    try {
      const imported = print("import.mjs");
      if (imported === "") faults.push(`${entry} exports nothing on Node ${version}`);
      if (print("require.cjs") !== imported)
        faults.push(`require("${entry}") differs from import on Node ${version}`);
      const touched = forNode ? "" : print("bare.mjs");
      if (touched !== "")
        faults.push(`${entry} touches ${touched} while it is imported on Node ${version}`);
    } catch (error) {
      faults.push(`${entry} on Node ${version}: ${String(error)}`);
    }
  }
  return faults;
}

/** The Node of the machine rather than of the workspace: the oldest that must do. */
function systemNode(): string {
  const own = dirname(process.execPath);
  const path = (process.env["PATH"] ?? "").split(":");
  const isOwn = (entry: string): boolean => entry === own || entry.includes("node_modules");
  const found = path
    .filter((entry) => !isOwn(entry))
    .flatMap((entry) => globSync(join(entry, "node")));
  return found[0] ?? process.execPath;
}

/** Type-checks a user's module with each compiler: with Node's types and with a browser's, library files included. */
function typeFaults(packages: readonly Package[], directory: string): readonly string[] {
  const code = (list: readonly Package[]): string =>
    list
      .flatMap(entriesOf)
      .map(
        (entry, index) =>
          `import * as m${index} from "${entry}";\nexport const used${index}: object = m${index};\n`,
      )
      .join("");
  const browser = packages.filter((each) => !isForNode(each));
  return [
    ...compile(
      "types-node",
      { "index.ts": code(packages) },
      { types: ["node"], lib: ["ES2023", "ESNext.Disposable"] },
      directory,
    ),
    ...compile(
      "types-dom",
      { "index.ts": code(browser) },
      { types: [], lib: ["ES2023", "ESNext.Disposable", "DOM"] },
      directory,
    ),
  ];
}

/** Type-checks what the READMEs show. */
function snippetFaults(packages: readonly Package[], directory: string): readonly string[] {
  const faults: string[] = [];
  const files: Record<string, string> = {};
  const pages = ["README.md", ...packages.map(({ path }) => `${path}/README.md`)];
  for (const page of pages.filter((name) => globSync(name, { cwd: root }).length === 1)) {
    const snippets = snippetsOf(readFileSync(join(root, page), "utf8"));
    faults.push(...snippets.faults.map((fault) => `${page}: ${fault}`));
    if (snippets.modules.length === 0)
      faults.push(`${page} has no TypeScript that could be checked`);
    for (const [index, code] of snippets.modules.entries()) files[`${page}.${index + 1}.ts`] = code;
  }
  const options = { types: ["node"], lib: ["ES2023", "ESNext.Disposable", "DOM"] };
  return [...faults, ...compile("snippets", files, options, directory)];
}

function compile(
  project: string,
  files: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>>,
  directory: string,
): readonly string[] {
  if (Object.keys(files).length === 0) return [];
  for (const [name, code] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, project, name)), { recursive: true });
    writeFileSync(join(directory, project, name), code);
  }
  return compilers.flatMap((version) =>
    ["NodeNext", "Bundler"].flatMap((moduleResolution) => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        target: "ES2022",
        module: moduleResolution === "Bundler" ? "ESNext" : "NodeNext",
        moduleResolution,
        typeRoots: ["../node_modules/@types"],
        ...options,
      };
      const config = join(directory, project, "tsconfig.json");
      writeFileSync(config, JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
      const compiler = join(directory, "node_modules", `typescript-${version}`, "bin", "tsc");
      try {
        run(process.execPath, [compiler, "-p", config], directory);
        return [];
      } catch (error) {
        return [`${project} with TypeScript ${version} and ${moduleResolution}: ${String(error)}`];
      }
    }),
  );
}
