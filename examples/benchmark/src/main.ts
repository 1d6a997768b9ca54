import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { now, today } from "./clock.ts";
import { parseCommand, usage, type Command } from "./command.ts";
import { describeMachine } from "./machine.ts";
import { readProfiles } from "./profile/profiles.ts";
import { figure, unitOf } from "./report/figure.ts";
import { plainName } from "./report/names.ts";
import { summaryTable, targetTable } from "./report/tables.ts";
import { publish, publishProfiles, readPublished, writePage, writeTo } from "./report/write.ts";
import type { Results, WorkResult } from "./results.ts";
import { Forecast, inMinutes } from "./run/estimate.ts";
import { inNode } from "./run/in-node.ts";
import { measure, type DoJob } from "./run/measure.ts";
import { checked, plan } from "./run/plan.ts";
import { promised } from "./targets.ts";
import type { Sample } from "./task.ts";
import { compare, judge } from "./verdict.ts";
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
  if (chromium === undefined) throw new Error("there is no Chromium: set CHROMIUM_PATH");
  return inChromium(chromium, await bundle());
}

async function run(command: Command): Promise<void> {
  const node = command.node ?? process.execPath;
  const machine = describeMachine(node);
  const doJob = await placeOf(command, node);
  const steps = plan(command);
  const done: WorkResult[] = [];
  const began = now();
  const forecast = new Forecast(steps);
  let broken = 0;
  for (const [index, { work, rounds }] of steps.entries()) {
    const left = inMinutes(forecast.left(now() - began));
    console.error(`[${index + 1}/${steps.length}, ${left} left] ${work.title}`);
    try {
      const result = await measure(work, {
        doJob,
        rounds,
        onSample: (subject, sample) => {
          forecast.add(work.task);
          console.error(`    ${plainName(subject).padEnd(30)} ${show(sample)}`);
        },
      });
      done.push(result);
    } catch (error) {
      // The others may still be measured; what this one should have shown counts as missed.
      broken++;
      console.error(error instanceof Error ? error.message : error);
    }
  }
  const results: Results = { machine, date: today(), works: done };
  const directory = command.output ?? join(tmpdir(), "st-benchmark");
  writeTo(directory, results);
  console.error(`written to ${directory}`);
  if (command.publish) {
    // What is profiled takes longer: its rates are no figures.
    if (command.profiles === undefined) publish(results);
    else {
      const profiles = readProfiles(command.profiles, done);
      publishProfiles({ machine, date: results.date, profiles });
    }
  }
  report(command, results, broken);
}

/** Prints medians, ratios, and what became of the targets; the last line counts them. */
function report(command: Command, results: Results, broken: number): void {
  const { check, only, browser } = command;
  const found = new Map(results.works.map((work) => [work.id, work]));
  console.log(summaryTable(works, found));
  const isPart = only.length > 0 || browser;
  const wanted = (check ? checked : promised).filter(
    ({ work, from = work }) => !isPart || (found.has(work) && found.has(from)),
  );
  const earlier = new Map((readPublished()?.works ?? []).map((work) => [work.id, work]));
  const verdicts = check
    ? wanted.map((target) => compare(target, found, earlier))
    : wanted.map((target) => judge(target, found));
  console.log(targetTable(verdicts));
  const failed = verdicts.filter(({ reached }) => !reached).length + broken;
  if (check && failed > 0) process.exitCode = 1;
  console.log(`${verdicts.filter(({ reached }) => reached).length} passed, ${failed} failed`);
}

const command = parseCommand(process.argv.slice(2));
if (command.help) console.log(usage);
else if (command.list) for (const { id, title } of works) console.log(`${id.padEnd(32)} ${title}`);
else if (command.page) writePage();
else await run(command);
