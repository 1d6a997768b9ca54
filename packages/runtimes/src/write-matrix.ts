import { readFileSync, writeFileSync } from "node:fs";
import { essence, matrixPage, unobserved } from "./matrix/page.ts";
import { kept } from "./matrix/store.ts";

// Makes the page of what each runtime can do from what the last runs have observed:
//
//   node packages/runtimes/src/write-matrix.ts           writes it
//   node packages/runtimes/src/write-matrix.ts --check   fails if the page there says something else

const file = new URL("../../docs/runtimes.md", import.meta.url);
const observations = kept();
const missing = unobserved(observations);

if (missing.length > 0) {
  console.error(
    `Nothing is known yet of ${missing.join(", ")}. The browsers are observed by \`pnpm test packages/runtimes\`, ` +
      "the others by `pnpm test:runtimes`.",
  );
  process.exitCode = 1;
} else if (process.argv.includes("--check")) {
  check(matrixPage(observations));
} else {
  writeFileSync(file, matrixPage(observations));
}

function check(observed: string): void {
  const written = new Set(essence(readFileSync(file, "utf8")).split("\n"));
  const lines = essence(observed).split("\n");
  const differing = lines.filter((line) => !written.has(line));
  if (differing.length === 0 && written.size === new Set(lines).size) {
    console.log("packages/docs/runtimes.md says what the runs have observed.");
    return;
  }
  console.error("packages/docs/runtimes.md does not say what the runs have observed:");
  for (const line of differing) console.error(`  ${line}`);
  console.error("`pnpm matrix` writes it.");
  process.exitCode = 1;
}
