import { connectControl } from "../control/connect-control.ts";
import { Tallies } from "../suite/tallies.ts";
import { suites, type Contestant } from "../suite/suite.ts";
import { within } from "./deadline-clock.ts";

/** What a runtime is told when it starts. */
export interface Assignment {
  /** The URL of the servers' line. */
  readonly control: string;
  /** The runtime's name and version, as the matrix has them. */
  readonly runtime: string;
  readonly version: string;
}

/** One outcome, reported as it comes; the matrix's observation follows the last. */
export interface CaseReport {
  readonly case: string;
  /** Why it failed; absent from those that passed. */
  readonly error?: string;
}

/** Milliseconds for one case: only one that hangs gets there. */
const limit = 60_000;

/** Plays all suites one after the other, with nothing but the runtime itself, and reports every outcome. */
export async function drive(
  { control: url, runtime, version }: Assignment,
  contestants: readonly Contestant[],
  Socket?: typeof WebSocket,
): Promise<void> {
  const control = await connectControl(url, Socket);
  const all = suites(contestants, async () => control);
  const tallies = new Tallies();
  for (const suite of all) {
    for (const { name, run } of suite.cases) {
      const report = { case: `${suite.contestant.name}: ${suite.kind}: ${name}` };
      try {
        await within(limit, run());
        tallies.passed(suite);
        await control.report(report);
      } catch (error) {
        await control.report({ ...report, error: String(error) });
      }
    }
  }
  await within(limit, tallies.report(runtime, version, all, control));
  control.close();
}
