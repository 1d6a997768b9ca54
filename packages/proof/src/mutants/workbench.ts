import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { apply } from "./apply.ts";
import type { Mutant } from "./mutants.ts";

const packages = fileURLToPath(new URL("../../../", import.meta.url));
const simulation = fileURLToPath(new URL("../simulation/run.ts", import.meta.url));
const root = join(packages, "..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** Makes the copy's tests resolve sources, as the workspace's do. */
const config = `const conditions = ["@stream-tungstenite/source", "node"];
export default { ssr: { resolve: { conditions } }, test: { testTimeout: 30_000 } };
`;

/** Who found a break, or nobody. */
export type Finder = "simulation" | "unit tests" | null;

/** A copy of core that may be broken. */
export class Workbench {
  /** What the last search printed. */
  output = "";
  readonly #directory: string = mkdtempSync(join(tmpdir(), "st-mutants-"));
  readonly #schedules: number;

  constructor(schedules: number) {
    this.#schedules = schedules;
    for (const name of ["core", "retry"]) {
      const target = join(this.#directory, name);
      for (const part of ["src", "package.json"]) {
        cpSync(join(packages, name, part), join(target, part), { recursive: true });
      }
    }
    writeFileSync(join(this.#directory, "core/vitest.config.js"), config);
    symlinkSync(join(packages, "core/node_modules"), join(this.#directory, "core/node_modules"));
    symlinkSync(join(root, "node_modules"), join(this.#directory, "node_modules"));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Breaks the copy for as long as it takes to see who finds it. */
  try(mutant: Mutant): Finder {
    const file = join(this.#directory, "core/src", mutant.file);
    const code = readFileSync(file, "utf8");
    writeFileSync(file, apply(code, mutant));
    try {
      return this.search();
    } finally {
      writeFileSync(file, code);
    }
  }

  /** The simulation looks first, then the unit tests. */
  search(): Finder {
    const core = join(this.#directory, "core");
    const count = `${this.#schedules}`;
    const schedules = ["--core", core, "--schedules", count, "--seed", "1", "--quiet"];
    if (!this.#passes([simulation, ...schedules])) return "simulation";
    const tests = [vitest, "run", "--root", core, "--no-isolate", "--bail", "1"];
    return this.#passes(tests) ? null : "unit tests";
  }

  /** A break may also make code that never ends: that is found, too. */
  #passes(args: readonly string[]): boolean {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.#directory,
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
      timeout: 300_000,
      killSignal: "SIGKILL",
    });
    this.output = stdout + stderr;
    return status === 0;
  }
}
