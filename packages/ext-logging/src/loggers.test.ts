import { Console } from "node:console";
import { Writable } from "node:stream";
import { ConfigurationError } from "@stream-tungstenite/core";
import pino from "pino";
import { rig } from "rig";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import winston from "winston";
import { levels } from "./options.ts";
import { printer } from "./printer.ts";
import { logging } from "./index.ts";

/** A stream that keeps what is written to it. */
function sink(): { readonly stream: Writable; readonly lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(...String(chunk).trimEnd().split("\n"));
      done();
    },
  });
  return { stream, lines };
}

/** Prints a line of each level. */
function printAll(logger: Parameters<typeof printer>[0]["logger"]): readonly unknown[] {
  const failures: unknown[] = [];
  const settings = { level: "trace", prefix: "ws", maxLength: 200, logger, redact: true } as const;
  const print = printer(settings, (error) => failures.push(error));
  for (const level of levels) print(level, () => `line of ${level}`);
  return failures;
}

test("pino is accepted as it is, each level by its own method", () => {
  const { stream, lines } = sink();
  expect(printAll(pino({ level: "trace" }, stream))).toEqual([]);
  expect(lines.map((line) => JSON.parse(line) as { level: number; msg: string })).toMatchObject([
    { level: 50, msg: "[ws] line of error" },
    { level: 40, msg: "[ws] line of warn" },
    { level: 30, msg: "[ws] line of info" },
    { level: 20, msg: "[ws] line of debug" },
    { level: 10, msg: "[ws] line of trace" },
  ]);
});

test("winston is accepted as it is; it has no trace, so that is debug", () => {
  const { stream, lines } = sink();
  const logger = winston.createLogger({
    level: "silly",
    transports: [new winston.transports.Stream({ stream })],
  });
  expect(printAll(logger)).toEqual([]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: "error", message: "[ws] line of error" },
    { level: "warn", message: "[ws] line of warn" },
    { level: "info", message: "[ws] line of info" },
    { level: "debug", message: "[ws] line of debug" },
    { level: "debug", message: "[ws] line of trace" },
  ]);
});

test.each([
  ["pino", (stream: Writable) => pino({ level: "info" }, stream)],
  [
    "winston",
    (stream: Writable) =>
      winston.createLogger({
        level: "info",
        transports: [new winston.transports.Stream({ stream })],
      }),
  ],
])("what the level of %s leaves out is not even formatted, until it changes", (_, make) => {
  const { stream, lines } = sink();
  const logger = make(stream);
  const settings = { level: "trace", prefix: "", maxLength: 200, logger, redact: true } as const;
  const print = printer(settings, () => {});
  let formatted = 0;
  const text = (): string => `line ${++formatted}`;
  print("debug", text);
  expect([formatted, lines]).toEqual([0, []]);
  logger.level = "debug";
  print("debug", text);
  expect(formatted).toBe(1);
  expect(lines).toHaveLength(1);
});

test("a console prints no stack for trace", () => {
  const { stream, lines } = sink();
  expect(printAll(new Console(stream, stream))).toEqual([]);
  expect(lines).toEqual(levels.map((level) => `[ws] line of ${level}`));
});

test("methods are called as methods of their logger, with one string", () => {
  const calls: unknown[] = [];
  const logger = {
    info(this: unknown, ...values: unknown[]): void {
      calls.push(this === logger, values);
    },
  };
  printAll(logger);
  expect(calls.slice(0, 2)).toEqual([true, ["[ws] line of error"]]);
});

test("a missing level goes to the next quieter, and only without one to a noisier", () => {
  const calls: string[] = [];
  printAll({
    warn: (line: string) => void calls.push(`warn ${line}`),
    debug: (line: string) => void calls.push(`debug ${line}`),
  });
  expect(calls).toEqual([
    "warn [ws] line of error",
    "warn [ws] line of warn",
    "warn [ws] line of info",
    "debug [ws] line of debug",
    "debug [ws] line of trace",
  ]);
});

test("a method that is replaced later is the one that is called", () => {
  const calls: string[] = [];
  const logger = { info: (line: string): void => void calls.push(`old ${line}`) };
  const settings = { level: "info", prefix: "", maxLength: 9, logger, redact: true } as const;
  const print = printer(settings, () => {});
  logger.info = (line) => void calls.push(`new ${line}`);
  print("info", () => "line");
  expect(calls).toEqual(["new line"]);
});

test("a level that is off calls nothing", () => {
  const logger = { info: vi.fn<() => void>() };
  const text = vi.fn<() => string>(() => "text");
  const settings = { level: "warn", prefix: "", maxLength: 9, logger, redact: true } as const;
  printer(settings, () => {})("info", text);
  expect(text).not.toHaveBeenCalled();
  expect(logger.info).not.toHaveBeenCalled();
});

beforeEach(() => {
  for (const method of ["error", "warn", "info", "debug", "log", "trace"] as const) {
    vi.spyOn(console, method).mockImplementation(() => {});
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("the console is the logger unless there is another", async () => {
  const { client, connected } = rig([logging({ level: "trace" })]);
  await connected();
  await client.close();
  expect(console.info).toHaveBeenCalledWith("[ws] connected, connection 1");
  expect(console.debug).toHaveBeenCalledWith("[ws] idle > connecting");
  expect(console.trace).not.toHaveBeenCalled();
});

test("what has none of the methods is no logger", () => {
  expect(() => logging({ logger: {} })).toThrow(ConfigurationError);
});
