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
 * Runs a process to its end and returns what it printed.
 *
 * @throws Error with what it complained about, if it fails or takes too long
 */
export function output({ node, args, timeout }: Command): Promise<string> {
  const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  let late = "";
  const cancel = after(timeout, () => {
    late = `killed after ${timeout} ms: `;
    child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      cancel();
      if (code === 0) resolve(printed);
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

/** Starts a process that says in its first line where to find it, and ends with its standard input. */
export function serve(args: readonly string[]): Promise<Service> {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return new Promise((resolve, reject) => {
    const stop = (): Promise<void> => {
      child.stdin.end();
      return ended;
    };
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
    child.stdout.setEncoding("utf8").once("data", (line: string) => {
      resolve({ greeting: line.trim(), stop });
    });
  });
}
