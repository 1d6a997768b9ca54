import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { startEmbeddedServer } from "./embedded.ts";

// Stands for the server: notes in a log beside it how it was started and what it was told.
const script = `
import { appendFileSync } from "node:fs";
const log = (entry) => appendFileSync(new URL("log", import.meta.url), JSON.stringify(entry) + "\\n");
const value = (name) => process.argv[process.argv.indexOf(name) + 1];
log({ pid: process.pid, port: value("--port"), journal: value("--journal") });
process.on("message", (command) => { log(command); });
process.on("disconnect", () => process.exit());
process.send({ type: "listening", port: 4242 });
`;

// Starting a process takes as long as it takes.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "embedded-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const start = (content: string, onUnexpectedExit: (reason: string) => void = () => {}) => {
  const entry = join(directory, "server.mjs");
  writeFileSync(entry, content);
  return startEmbeddedServer({ clock: systemClock, seed: 7, entry, downtime: 0, onUnexpectedExit });
};
const log = (): readonly Record<string, unknown>[] =>
  readFileSync(join(directory, "log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
/** Resolves when the log has so many entries. To be called before the last of them is made. */
const logged = async (count: number): Promise<void> => {
  for await (const { filename } of watch(directory)) {
    if (filename === "log" && log().length >= count) return;
  }
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("the server is a process of its own, and is gone with its files after stop", async () => {
  const server = await start(script);
  const { pid } = server;
  expect(server.url).toBe("ws://127.0.0.1:4242/feed");
  expect(pid).not.toBe(process.pid);
  expect(isAlive(pid)).toBe(true);
  const journal = log()[0]?.["journal"] as string;
  writeFileSync(journal, "");
  await server.stop();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(journal, ".."))).toBe(false);
});

test("a killed server comes back as another process with the same port and journal", async () => {
  const server = await start(script);
  const first = server.pid;
  await server.kill(0);
  expect(isAlive(first)).toBe(false);
  expect(server.pid).not.toBe(first);
  await server.stop();
  const [before, after] = log();
  expect([before?.["port"], after?.["port"]]).toEqual(["0", "4242"]);
  expect(after?.["journal"]).toBe(before?.["journal"]);
});

test("a planned end is not unexpected", async () => {
  const reasons: string[] = [];
  const server = await start(script, (reason) => reasons.push(reason));
  await server.kill(0);
  await server.stop();
  expect(reasons).toEqual([]);
});

test("a server that dies by itself is told of and started again", async () => {
  let die: (reason: string) => void = () => {};
  const died = new Promise<string>((resolve) => (die = resolve));
  const server = await start(script, die);
  const first = server.pid;
  process.kill(first, "SIGKILL");
  expect(await died).toBe("SIGKILL");
  // Joins the restart that is under way.
  await server.kill(0);
  expect(server.pid).not.toBe(first);
  await server.stop();
  expect(log()).toHaveLength(2);
});

test("stopping while the server is down leaves it down", async () => {
  const server = await start(script);
  const killing = server.kill(50);
  await server.stop();
  await killing;
  expect(log()).toHaveLength(1);
});

test("a server that ends before it listens is an error that says so", async () => {
  await expect(start("process.exit(3);")).rejects.toThrow(
    "ended with exit code 3 before it listened",
  );
});

test("commands reach the server, and a server that is down is not told any", async () => {
  const server = await start(script);
  const told = logged(4);
  server.close(1001, "going away");
  server.refuse(1, 2);
  server.fallSilent();
  await told;
  expect(log().slice(1)).toEqual([
    { type: "close", code: 1001, reason: "going away" },
    { type: "refuse", count: 1, retryAfter: 2 },
    { type: "silence" },
  ]);
  await server.stop();
  expect(() => server.close(1000, "")).not.toThrow();
});
