// The server's process. Started by the demo it obeys it over the IPC channel and ends with it; started by hand it
// serves until it is stopped.

import { runServer } from "./main.ts";

const supervised = process.send !== undefined;
if (supervised) {
  // Ctrl-C reaches the whole process group; the demo decides when its server goes.
  process.on("SIGINT", () => {});
}
await runServer({
  argv: process.argv.slice(2),
  token: process.env["FEED_TOKEN"] ?? "demo",
  report: supervised ? (report) => process.send?.(report) : undefined,
  onCommand: (listener) => {
    if (supervised) process.on("message", listener);
  },
  onOrphaned: (listener) => {
    if (supervised) process.on("disconnect", listener);
  },
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  exit: (code) => process.exit(code),
});
