import { parseArgs } from "node:util";
import { mutants } from "./mutants.ts";
import { Workbench } from "./workbench.ts";

// Breaks the client in every way that `mutants.ts` documents, and says who finds it. Nothing is worth anything unless
// the code as it is passes first.
//
//   pnpm --filter proof mutants [TEXT]      those alone whose file or sentence has the text
//     --schedules N                         of the simulation, for each mutant

const { values, positionals } = parseArgs({
  options: { schedules: { type: "string", default: "2000" } },
  allowPositionals: true,
});
const [text = ""] = positionals;
const bench = new Workbench(Number(values.schedules));
const survivors: string[] = [];
let found = 0;
try {
  const finder = bench.search();
  if (finder !== null) {
    throw new Error(
      `The code as it is does not pass: the ${finder} found a fault\n${bench.output}`,
    );
  }
  console.log("The code as it is passes.");
  for (const mutant of mutants) {
    const name = `${mutant.file}: ${mutant.breaks}`;
    if (!name.includes(text)) continue;
    const finder = bench.try(mutant);
    if (finder === null) survivors.push(name);
    else found++;
    console.log(`${finder === null ? "SURVIVED" : `found by the ${finder}`}  ${name}`);
  }
} finally {
  bench.remove();
}
for (const survivor of survivors) console.error(`Nobody noticed: ${survivor}`);
console.log(`${found} passed, ${survivors.length} failed`);
process.exitCode = survivors.length === 0 ? 0 : 1;
