import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Command, Report } from "./control.ts";
import { runServer } from "./main.ts";

let directory: string;
let stop: (() => Promise<void>) | undefined;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "server-"))));
afterEach(async () => {
  await stop?.();
  stop = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function run(argv: readonly string[], supervised = false) {
  const seen = { printed: "", complained: "", exits: [] as number[], reports: [] as Report[] };
  let command: (command: Command) => void = () => {};
  let orphan = (): void => {};
  stop = await runServer({
    argv,
    token: "t",
    report: supervised ? (report) => seen.reports.push(report) : undefined,
    onCommand: (listener) => (command = listener),
    onOrphaned: (listener) => (orphan = listener),
    print: (text) => (seen.printed += text),
    complain: (text) => (seen.complained += text),
    exit: (code) => seen.exits.push(code),
  });
  return { seen, tell: (it: Command) => command(it), orphan: () => orphan() };
}
const journal = (): string => join(directory, "journal.jsonl");

test("it tells its supervisor the port, and prints nothing", async () => {
  const { seen } = await run(["--port", "0", "--journal", journal()], true);
  expect(seen.reports).toEqual([{ type: "listening", port: expect.any(Number) as number }]);
  expect(seen.printed).toBe("");
});

test("started by hand it prints where it listens", async () => {
  const { seen } = await run(["--port", "0", "--journal", journal()]);
  expect(seen.printed).toMatch(/ws:\/\/127\.0\.0\.1:\d+\/feed/);
});

test("it obeys its supervisor", async () => {
  const { seen, tell } = await run(["--port", "0", "--journal", journal()], true);
  const socket = new WebSocket(`ws://127.0.0.1:${seen.reports[0]?.port}/feed`);
  await new Promise((resolve) => socket.once("open", resolve));
  tell({ type: "silence" });
  tell({ type: "refuse", count: 1, retryAfter: 1 });
  const refused = new WebSocket(`ws://127.0.0.1:${seen.reports[0]?.port}/feed`);
  const [error] = await new Promise<unknown[]>((resolve) =>
    refused.once("error", (...all) => resolve(all)),
  );
  expect(String(error)).toContain("503");
  const open = new WebSocket(`ws://127.0.0.1:${seen.reports[0]?.port}/feed`);
  await new Promise((resolve) => open.once("open", resolve));
  tell({ type: "close", code: 4001, reason: "told" });
  expect(await new Promise((resolve) => open.once("close", resolve))).toBe(4001);
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

test("orphaned, it ends and takes its journal with it, but nothing of anybody else", async () => {
  writeFileSync(join(directory, "other"), "");
  const { seen, orphan } = await run(["--port", "0", "--journal", journal()], true);
  orphan();
  expect(seen.exits).toEqual([0]);
  expect([existsSync(journal()), existsSync(join(directory, "other"))]).toEqual([false, true]);
});

test("orphaned, it removes the directory that held nothing else", async () => {
  const { orphan } = await run(["--port", "0", "--journal", journal()], true);
  orphan();
  expect(existsSync(directory)).toBe(false);
});

test("a wrong command line is named, and ends with 2", async () => {
  const { seen } = await run(["--port", "many", "--nonsense"]);
  expect(seen.complained).toContain('--port must be a whole number from 0 to 65535, not "many"');
  expect(seen.complained).toContain("unknown option --nonsense");
  expect(seen.exits).toEqual([2]);
});

test("help is printed, and ends with 0", async () => {
  const { seen } = await run(["--help"]);
  for (const name of ["--port", "--seed", "--journal", "FEED_TOKEN"])
    expect(seen.printed).toContain(name);
  expect(seen.exits).toEqual([0]);
});

test("a journal that is something else is named, and ends with 1", async () => {
  writeFileSync(journal(), "my diary\n");
  const { seen } = await run(["--port", "0", "--journal", journal()], true);
  expect(seen.complained).toContain("is not a journal of this server");
  expect([seen.exits, seen.reports]).toEqual([[1], []]);
});
