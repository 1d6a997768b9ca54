import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { today } from "./clock.ts";
import { parseCommand, usage, type Command } from "./command.ts";
import { describeMachine } from "./machine.ts";
import { readProfiles } from "./profile/profiles.ts";
import { figure, unitOf } from "./report/figure.ts";
import { plainName } from "./report/names.ts";
import { summaryTable, targetTable } from "./report/tables.ts";
import { publish, publishProfiles, readPublished, writePage, writeTo } from "./report/write.ts";
import type { Results, WorkResult } from "./results.ts";
import { inNode } from "./run/in-node.ts";
import { again, measureAll } from "./run/measure-all.ts";
import type { DoJob } from "./run/measure.ts";
import { checked, plan } from "./run/plan.ts";
import { promised } from "./targets.ts";
import type { Sample, Subject } from "./task.ts";
import { compare, judge, type Compared, type Verdict } from "./verdict.ts";
import { UsageError } from "./usage-error.ts";
import { installedVersions } from "./versions.ts";
import { works } from "./work-list.ts";

/** The first figure of a sample, for the log. */
function show(sample: Sample): string {
  const [metric = "", value = Number.NaN] = Object.entries(sample)[0] ?? [];
  return `${figure(metric, value)} ${unitOf(metric)}`;
}

/** Where the clients run. */
async function placeOf({ browser, profiles }: Command, node: string): Promise<DoJob> {
  if (!browser) return inNode(node, profiles);
  const { bundle, findChromium, inChromium } = await import("./run/in-chromium.ts");
  const chromium = findChromium();
  if (chromium === undefined)
    throw new UsageError("--browser: there is no Chromium; set CHROMIUM_PATH");
  return inChromium(chromium, await bundle());
}

async function run(command: Command): Promise<void> {
  const steps = plan(command);
  const node = command.node ?? process.execPath;
  const machine = describeMachine(node);
  const doJob = await placeOf(command, node);
  const onSample = (subject: Subject, sample: Sample): void =>
    console.error(`    ${plainName(subject).padEnd(30)} ${show(sample)}`);
  const first = await measureAll(steps, { doJob, onSample });
  const judged = (done: readonly WorkResult[]): readonly Verdict[] => verdictsOf(command, done);
  const { done, broken } = command.check
    ? await again(steps, first, judged, { doJob, onSample })
    : first;
  const results: Results = { machine, date: today(), versions: installedVersions(), works: done };
  // With nothing measured there is nothing to put in the place of what was there.
  if (done.length > 0) keep(command, results);
  report(command, results, broken);
}

/** Writes what was measured, and publishes it if that is wanted. */
function keep(command: Command, results: Results): void {
  const directory = command.output ?? join(tmpdir(), "st-benchmark");
  writeTo(directory, results);
  console.error(`written to ${directory}`);
  if (command.publish) {
    // What is profiled takes longer: its rates are no figures.
    if (command.profiles === undefined) publish(results);
    else {
      const { machine, date, works: done } = results;
      publishProfiles({ machine, date, profiles: readProfiles(command.profiles, done) });
    }
  }
}

/** What became of the targets; where not all was to be measured, of those that were. */
function verdictsOf(
  { check, only, browser }: Command,
  done: readonly WorkResult[],
): readonly (Verdict & Partial<Compared>)[] {
  const found = new Map(done.map((work) => [work.id, work]));
  const isPart = only.length > 0 || browser;
  const wanted = (check ? checked : promised).filter(
    ({ work, from = work }) => !isPart || (found.has(work) && found.has(from)),
  );
  if (!check) return wanted.map((target) => judge(target, found));
  const earlier = new Map((readPublished()?.works ?? []).map((work) => [work.id, work]));
  return wanted.map((target) => compare(target, found, earlier));
}

/** Prints medians, ratios, and what became of the targets; the last line counts them. */
function report(command: Command, results: Results, broken: readonly string[]): void {
  const { check } = command;
  const found = new Map(results.works.map((work) => [work.id, work]));
  console.log(summaryTable(works, found));
  const verdicts = verdictsOf(command, results.works);
  console.log(targetTable(verdicts));
  const failed = verdicts.filter(({ reached }) => !reached).length + broken.length;
  if (broken.length > 0) {
    const kept = command.publish ? "; published are their earlier figures, if there are any" : "";
    console.error(`NOT MEASURED, for they failed: ${[...new Set(broken)].join(", ")}${kept}`);
  }
  if (broken.length > 0 || (check && failed > 0)) process.exitCode = 1;
  console.log(`${verdicts.filter(({ reached }) => reached).length} passed, ${failed} failed`);
}

/** Prints what would be measured. */
function list(command: Command): void {
  for (const { work } of plan(command)) console.log(`${work.id.padEnd(32)} ${work.title}`);
}

async function obey(command: Command): Promise<void> {
  if (command.help) console.log(usage);
  else if (command.list) list(command);
  else if (command.page) writePage();
  else await run(command);
}

try {
  await obey(parseCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\nFor help: pnpm benchmark --help`);
  process.exitCode = 2;
}
