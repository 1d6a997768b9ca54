import { readFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { selfTimes, type CpuProfile, type Share } from "./self-times.ts";

// Prints where the time of CPU profiles went:
//
//   node dist/profile/main.js PROFILE...

const most = 16;

function print(shares: readonly Share[]): void {
  for (const { name, share } of shares.slice(0, most)) {
    console.log(`${(share * 100).toFixed(1).padStart(7)} %  ${name}`);
  }
}

for (const file of process.argv.slice(2)) {
  const { functions, files } = selfTimes([JSON.parse(readFileSync(file, "utf8")) as CpuProfile]);
  console.log(`\n${basename(file)}, by file`);
  print(files);
  console.log("by function");
  print(functions);
}
