import process from "node:process";
import type { Job } from "./task.ts";
import { perform } from "./work/perform.ts";

// The process of a subject: does the one job it is told, prints the figures as a line of JSON, and ends.

const job = JSON.parse(process.argv[2] ?? "") as Job;
const sample = await perform(job);
const peak = process.resourceUsage().maxRSS * 1_024;
process.stdout.write(`${JSON.stringify({ ...sample, peak })}\n`, () => process.exit());
