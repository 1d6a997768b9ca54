import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "./clock.ts";
import { main } from "./main.ts";
import { startFeedServer } from "./server/feed-server.ts";
import { memoryJournal } from "./server/memory-journal.ts";

interface Run {
  readonly code: number;
  readonly output: string;
  readonly complaints: string;
}

async function run(
  argv: readonly string[],
  change: Partial<Parameters<typeof main>[0]> = {},
): Promise<Run> {
  let output = "";
  let complaints = "";
  const code = await main({
    argv,
    environment: {},
    clock: systemClock,
    output: { write: (text) => (output += text) },
    complain: (text) => (complaints += text),
    signal: AbortSignal.abort("SIGINT"),
    serverEntry: "/nowhere",
    ...change,
  });
  return { code, output, complaints };
}

test("help goes to the output, and all is well", async () => {
  const { code, output, complaints } = await run(["--help"]);
  expect([code, complaints]).toEqual([0, ""]);
  expect(output).toContain("--seconds N");
});

test("every fault of the command line is complained of, and the exit code is 2", async () => {
  const { code, output, complaints } = await run(["--nonsense", "--seconds", "0"]);
  expect([code, output]).toEqual([2, ""]);
  expect(complaints).toBe(
    [
      "feed: unknown option --nonsense",
      'feed: --seconds must be a number from 1 to 3600, not "0"',
      "Run with --help to see the options.",
      "",
    ].join("\n"),
  );
});

test("a server of its own that does not start is complained of, and the exit code is 3", async () => {
  const directory = mkdtempSync(join(tmpdir(), "main-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const serverEntry = join(directory, "server.mjs");
  writeFileSync(serverEntry, "process.exit(9);");
  const { code, complaints } = await run([], { serverEntry });
  expect(code).toBe(3);
  expect(complaints).toBe(
    "feed: The feed server's process ended with exit code 9 before it listened\n",
  );
});

test("a verbose client keeps its log on the error output, any other keeps none", async () => {
  const verbose = await run(["--verbose", "--json", "--url", "ws://127.0.0.1:1/feed"]);
  expect(verbose.complaints).toMatch(/^\[ws\] .*connecting/m);
  for (const line of verbose.output.trimEnd().split("\n")) JSON.parse(line);
  const quiet = await run(["--url", "ws://127.0.0.1:1/feed"]);
  expect(quiet.complaints).toBe("");
});

test("without a connection the exit code is 3", async () => {
  const { code, output } = await run(["--url", "ws://127.0.0.1:1/feed"]);
  expect(code).toBe(3);
  expect(output).toContain("FAILED: no connection could be made.");
});

test(
  "with every order accounted for it is 0, and the summary is the last line",
  { timeout: 60_000 },
  async () => {
    const server = await startFeedServer({
      clock: systemClock,
      port: 0,
      seed: 1,
      token: "right",
      journal: memoryJournal(systemClock.now()),
    });
    onTestFinished(() => server.stop());
    const end = new AbortController();
    let output = "";
    const { code } = await run(["--json", "--url", `ws://127.0.0.1:${server.port}/feed`], {
      environment: { FEED_TOKEN: "right" },
      signal: end.signal,
      output: {
        write: (text: string) => {
          output += text;
          if (text.includes('"connected"')) end.abort("SIGINT");
        },
      },
    });
    expect(code).toBe(0);
    const last = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as unknown;
    expect(last).toMatchObject({ type: "summary", verdict: "accounted", connections: 1 });
  },
);
