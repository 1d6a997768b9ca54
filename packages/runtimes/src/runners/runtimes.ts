import { arch, platform } from "node:process";
import { node, type Program } from "tooling/install";

/** A runtime that is not a browser, and how it is started. */
export interface Runtime {
  /** As on the command line and in the matrix. */
  readonly name: string;
  readonly program: Program;
  /** A worker is sent its assignment; a process finds it behind these arguments and the bundle. */
  readonly start: "worker" | readonly string[];
}

const isArm = arch === "arm64";

/** Every runtime that the tests know. */
export const runtimes: readonly Runtime[] = [
  ...["20", "22", "24", "26"].map((major): Runtime => ({
    name: `node${major}`,
    program: node(major),
    start: [],
  })),
  {
    name: "bun",
    program: {
      directory: "bun",
      specifier: `@oven/bun-linux-${isArm ? "aarch64" : "x64"}@1.4.5`,
      path: "bin/bun",
      command: "bun",
      version: "1.4.",
    },
    start: [],
  },
  {
    name: "deno",
    program: {
      directory: "deno",
      // npm has no 2.9.6 for arm64.
      specifier: `@deno/linux-${isArm ? "arm64-glibc@2.9.5" : "x64-glibc@2.9.6"}`,
      path: "deno",
      command: "deno",
      version: "deno 2.9.",
    },
    start: ["run", "--allow-all", "--no-check"],
  },
  {
    name: "workerd",
    program: {
      directory: "workerd",
      specifier: `@cloudflare/workerd-linux-${isArm ? "arm64" : "64"}@1.20261117.1`,
      path: "bin/workerd",
      command: "workerd",
      version: "workerd 2026-11-17",
    },
    start: "worker",
  },
];

/** The runtimes of these names; all where none is named. */
export function runtimesNamed(names: readonly string[]): readonly Runtime[] {
  const unknown = names.filter((name) => !runtimes.some((runtime) => runtime.name === name));
  if (unknown.length > 0) {
    const known = runtimes.map(({ name }) => name).join(" ");
    throw new Error(`Not among the runtimes (${known}): ${unknown.join(" ")}`);
  }
  if (platform !== "linux" && names.length === 0) {
    return runtimes.filter(({ name }) => name.startsWith("node"));
  }
  return names.length === 0 ? runtimes : runtimes.filter(({ name }) => names.includes(name));
}
