// The process of the dashboard's server: it serves until it is stopped. Runs as built, beside the built page.

import { fileURLToPath } from "node:url";
import { fineClock } from "../clock.ts";
import { main } from "./main.ts";

const result = await main({
  argv: process.argv.slice(2),
  environment: process.env,
  clock: fineClock,
  page: fileURLToPath(new URL("../../page", import.meta.url)),
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
if (typeof result === "number") process.exitCode = result;
else {
  const stop = (): void => void result.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
