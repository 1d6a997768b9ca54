import type { Control } from "../control/connect-control.ts";
import type { ContestantResult, Observation, Tally } from "../matrix/observation.ts";
import { probePlatform } from "../probes/probes.ts";
import type { Contestant, Suite } from "./suite.ts";

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
    const contestants: Record<string, ContestantResult> = {};
    for (const { contestant } of suites) {
      contestants[contestant.name] ??= {
        contract: this.#tally(suites, contestant, "contract"),
        scenarios: this.#tally(suites, contestant, "scenarios"),
        abilities: { ...contestant.capabilities, headers: contestant.canHeaders },
      };
    }
    const hasSocket = typeof globalThis.WebSocket === "function";
    const platform = hasSocket ? await probePlatform(control) : {};
    const observation: Observation = { runtime, version, contestants, platform };
    await control.report(observation);
  }

  #tally(suites: readonly Suite[], contestant: Contestant, kind: Suite["kind"]): Tally {
    const suite = suites.find((each) => each.contestant === contestant && each.kind === kind);
    return {
      passed: (suite && this.#passed.get(suite)) ?? 0,
      of: suite?.cases.length ?? 0,
      notApplicable: suite?.notApplicable ?? 0,
    };
  }
}
