import { writeFileSync } from "node:fs";
import { page } from "./page.ts";
import { kept } from "./results.ts";

// Writes packages/docs/faults.md from the results that the tests beside this file have left:
//
//   pnpm test packages/proof/src/faults && pnpm --filter proof faults

const file = new URL("../../../docs/faults.md", import.meta.url);

writeFileSync(file, page(kept()));
