import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { controlServer } from "../control/control-server.ts";
import { keep } from "../matrix/store.ts";
import type { Entry } from "./bundle.ts";
import type { Assignment, CaseReport } from "./driver.ts";
import type { Runtime } from "./runtimes.ts";
import { startWorkerd } from "./workerd.ts";

/** What came of a run. */
export interface Outcome {
  readonly passed: number;
  /** A sentence for each case that failed, and one for a run that did not come to its end. */
  readonly failures: readonly string[];
}

/** Runs all suites in a runtime. */
export async function play(
  runtime: Runtime,
  program: string,
  version: string,
  bundles: Readonly<Record<Entry, string>>,
): Promise<Outcome> {
  const failures: string[] = [];
  let passed = 0;
  let hasObserved = false;
  const onReport = (report: unknown): void => {
    const { case: name, error } = report as CaseReport;
    if (name === undefined) {
      keep(report);
      hasObserved = true;
    } else if (error === undefined) passed++;
    else failures.push(`${name}: ${error}`);
  };
  await using control = await controlServer(onReport);
  const assignment: Assignment = { control: control.url, runtime: runtime.name, version };
  try {
    await (runtime.start === "worker"
      ? inWorker(program, bundles.worker, assignment)
      : inProcess(program, [...runtime.start, bundles.process], assignment));
  } catch (error) {
    failures.push(String(error));
  }
  if (!hasObserved) failures.push("The run did not come to its end");
  return { passed, failures };
}

/** Milliseconds for all cases: only a runtime that hangs gets there. */
const limit = 900_000;

async function inProcess(
  program: string,
  args: readonly string[],
  assignment: Assignment,
): Promise<void> {
  const child = spawn(program, [...args, JSON.stringify(assignment)], {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: limit,
  });
  await succeeded(child);
}

async function inWorker(program: string, bundle: string, assignment: Assignment): Promise<void> {
  await using workerd = await startWorkerd(program, bundle);
  const response = await fetch(workerd.url, { method: "POST", body: JSON.stringify(assignment) });
  if (!response.ok) throw new Error(`The worker answered ${response.status}`);
}

async function succeeded(child: ChildProcess): Promise<void> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (code !== 0) throw new Error(`The process ended with ${code ?? signal}`);
}
