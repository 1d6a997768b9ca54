import type { TestProject } from "vitest/node";
import { controlServer } from "../control/control-server.ts";
import { keep } from "../matrix/store.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the servers are commanded. */
    readonly control: string;
  }
}

/** Serves the tests of a browser from vitest's own process, and keeps what they observe. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await controlServer(keep);
  project.provide("control", server.url);
  return async () => server[Symbol.asyncDispose]();
}
