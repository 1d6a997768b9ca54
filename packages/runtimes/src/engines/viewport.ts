import type { TestProject } from "vitest/node";

/** Width and height of a page, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

declare module "vitest/browser" {
  interface BrowserCommands {
    __vitest_viewport: (size: Size) => Promise<void>;
  }
}

/** Answers the one command that vitest itself needs of a provider: to size the page before the tests. */
export function provideViewport(
  project: TestProject,
  resize: (session: string, size: Size) => Promise<void>,
): void {
  project.browser?.registerCommand("__vitest_viewport", ({ sessionId }, size) =>
    resize(sessionId, size),
  );
}
