import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A server process that is killed and started anew on the same port. */
export class RestartingServer {
  /** How the process ended when nobody had stopped it. */
  readonly deaths: string[] = [];
  #process: ChildProcess | undefined;
  #port = 0;

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const script = fileURLToPath(new URL("server.js", import.meta.url));
    const child = spawn(process.execPath, [script, `${this.#port}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    child.once("exit", (code, signal) => {
      if (this.#process === child) this.deaths.push(`the server ended with ${code ?? signal}`);
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    this.#port = Number(line);
  }

  /** Resolves once the process is gone. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.#process = undefined;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}
