import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { systemClock } from "./clock.ts";
import { main } from "./main.ts";

const end = new AbortController();
let signalled: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    const code = 128 + constants.signals[signal];
    if (signalled !== undefined) process.exit(code);
    signalled = signal;
    process.exitCode = code;
    end.abort(signal);
  });
}
// The reader of our output left (`demo | head`): nobody is there to be told more.
process.stdout.on("error", () => process.exit(0));

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const code = await main({
  argv: process.argv.slice(2),
  environment: process.env,
  clock: systemClock,
  output: process.stdout,
  complain: (text) => process.stderr.write(text),
  signal: end.signal,
  serverEntry: fileURLToPath(new URL(`./server/index.${extension}`, import.meta.url)),
});
process.exitCode ??= code;
