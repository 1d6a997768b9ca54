import { spawn } from "node:child_process";
import process from "node:process";
import { after } from "../clock.ts";

/** How a process is started. */
export interface Command {
  /** The Node to run. */
  readonly node: string;
  readonly args: readonly string[];
  /** Milliseconds after which it is killed. */
  readonly timeout: number;
}

/**
 * Runs a process until it has printed a line, and returns that. Then it is killed, for it may never end by
 * itself: in `process.exit()` Node waits for its threads that compile, which may wait for the main thread to
 * collect garbage (nodejs/node#54918). That was seen in one of 500 that had just used much memory.
 *
 * @throws Error with what it complained about, if it fails or takes too long
 */
export function firstLine({ node, args, timeout }: Command): Promise<string> {
  const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (printed.includes("\n")) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  let late = "";
  const cancel = after(timeout, () => {
    late = `killed after ${timeout} ms: `;
    child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // Not before: what is still ending takes time from the next one.
    child.on("close", (code, signal) => {
      cancel();
      const end = printed.indexOf("\n");
      if (end >= 0) resolve(printed.slice(0, end));
      else reject(new Error(`${args.join(" ")}: ${late}${code ?? signal}\n${complaints}`));
    });
  });
}

/** A process that serves until it is stopped. */
export interface Service {
  /** The first line that it printed. */
  readonly greeting: string;
  stop(): Promise<void>;
}

/**
 * Starts a process that says in its first line where to find it. It has to end with its standard input, if
 * this process ends before it is stopped.
 */
export function serve(args: readonly string[]): Promise<Service> {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return new Promise((resolve, reject) => {
    const stop = (): Promise<void> => {
      // If only asked to end, it may not, either.
      child.kill("SIGKILL");
      return ended;
    };
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
    child.stdout.setEncoding("utf8").once("data", (line: string) => {
      resolve({ greeting: line.trim(), stop });
    });
  });
}
