// The dashboard's client without a page: says what happens to it until it is stopped.

import { fineClock } from "../clock.ts";
import { defaultPort } from "../server/arguments.ts";
import { watch } from "./watch.ts";

const { client } = watch({
  url: process.argv[2] ?? `http://127.0.0.1:${defaultPort}/`,
  clock: fineClock,
  print: (line) => process.stdout.write(`${line}\n`),
});
const close = (): void => void client.close();
process.once("SIGINT", close);
process.once("SIGTERM", close);
await client.run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
