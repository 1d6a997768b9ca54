import type { Control } from "../control/connect-control.ts";
import type { ContestantResult, Observation, Tally } from "../matrix/observation.ts";
import { probePlatform } from "../probes/probes.ts";
import type { Suite } from "./suite.ts";

/** Counts the cases that pass, and makes of it what the matrix shows of a runtime. */
export class Tallies {
  readonly #passed = new Map<Suite, number>();

  passed(suite: Suite): void {
    this.#passed.set(suite, (this.#passed.get(suite) ?? 0) + 1);
  }

  /** Probes the platform, and reports all that is known now. */
  async report(
    runtime: string,
    version: string,
    suites: readonly Suite[],
    control: Control,
  ): Promise<void> {
    const contestants: Record<string, Partial<Record<Suite["kind"], Tally>>> = {};
    for (const suite of suites) {
      const { contestant, kind, cases, notApplicable } = suite;
      (contestants[contestant.name] ??= {})[kind] = {
        passed: this.#passed.get(suite) ?? 0,
        of: cases.length,
        notApplicable,
      };
    }
    const hasSocket = typeof globalThis.WebSocket === "function";
    const observation: Observation = {
      runtime,
      version,
      contestants: contestants as Record<string, ContestantResult>,
      platform: hasSocket ? await probePlatform(control) : {},
    };
    await control.report(observation);
  }
}
