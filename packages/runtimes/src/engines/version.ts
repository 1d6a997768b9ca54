import type { BrowserCommandContext } from "vitest/node";

declare module "vitest/browser" {
  interface BrowserCommands {
    engineVersion: () => Promise<string | undefined>;
  }
}

/** A command for tests: the browser's version, where the provider knows it better than the page. */
export function engineVersion(context: BrowserCommandContext): string | undefined {
  return (context as { readonly version?: string }).version;
}
