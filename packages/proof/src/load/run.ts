import { verdicts } from "./verdicts.ts";
import { trial } from "./trial.ts";

// A thousand clients in one process, one server, a restart every few seconds for a minute:
//
//   pnpm --filter proof load [CLIENTS] [RESTARTS]

const [clients = 1_000, restarts = 15] = process.argv.slice(2).map(Number);
// What the first restart of all compiles is no growth.
await trial({ clients: 400, restarts: 6, every: 1_500 });
const outcome = await trial({ clients, restarts, every: 4_000 });
console.log(outcome);
const results = verdicts(outcome);
for (const { sentence, holds } of results) console.log(`${holds ? "✓" : "✗"} ${sentence}`);
const failed = results.filter(({ holds }) => !holds).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
