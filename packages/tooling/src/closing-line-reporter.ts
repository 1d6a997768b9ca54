import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Prints one plain closing line, `N passed, N failed` or `N passed, N failed, N skipped`, after everything else.
 *
 * A person and a script read the same line, and it does not depend on the width of a terminal.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failedHere++;
        else skipped++;
      }
      // A file that failed before any of its tests ran (a syntax error, a failing hook) would count as nothing.
      if (failedHere === 0 && module.state() === "failed") failedHere = 1;
      failed += failedHere;
    }
    const suffix = skipped === 0 ? "" : `, ${skipped} skipped`;
    process.stdout.write(`${passed} passed, ${failed} failed${suffix}\n`);
  }
}
