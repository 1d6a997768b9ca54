import { writeFileSync } from "node:fs";
import { herdPage } from "./herd-page.ts";

// Writes the page about crowds and its plots into the documentation.

for (const [name, content] of Object.entries(herdPage())) {
  writeFileSync(new URL(`../../../docs/${name}`, import.meta.url), content);
}
