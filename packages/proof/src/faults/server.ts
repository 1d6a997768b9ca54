import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { Collector } from "./collector.ts";
import type { Entry } from "./ledger.ts";
import { within } from "./namespaces.ts";
import type { Namespace } from "./namespaces.ts";

/** A line that the server's process writes. */
type Line =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "open" | "gone"; readonly connection: number; readonly code?: number }
  | { readonly type: "received"; readonly connection: number; readonly number: number }
  | { readonly type: "certified" | "pinged" };

/** A certificate with its key, both PEM, and whom it asks for theirs. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /** Authority of client certificates; with it, a client without one is refused. */
  readonly ca?: string;
}

/** Where and how the server listens. */
export interface ServerOptions {
  readonly host?: string;
  readonly tls?: ServerTls;
  readonly namespace?: Namespace;
}

const program = fileURLToPath(new URL("./server-process.js", import.meta.url));

/** A WebSocket server that is a process of its own and keeps its port and its journal over restarts. */
export class ServerProcess {
  readonly host: string;
  /** All that it has received, in order. */
  readonly journal: Entry[] = [];
  readonly #lines = new Collector<Line & { readonly process: number }>();
  readonly #options: ServerOptions;
  #child: ChildProcess | undefined;
  #starts = 0;
  #port = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.host = options.host ?? "127.0.0.1";
  }

  /** Starts one, which ends with the test. */
  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    onTestFinished(() => server.kill("SIGKILL"));
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#options.tls ? "wss" : "ws"}://${this.host}:${this.#port}/`;
  }

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    const { tls, namespace } = this.#options;
    const process = ++this.#starts;
    const settings = JSON.stringify({
      host: this.host,
      port: this.#port,
      tls: tls && { ...tls, ...(tls.ca ? { requestCert: true, rejectUnauthorized: true } : {}) },
    });
    const [command, args] = within(namespace, [program, settings]);
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    this.#child = child;
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      if (line.type === "received") {
        const connection = `${process}.${line.connection}`;
        this.journal.push({ connection, number: line.number });
      }
      this.#lines.add({ ...line, process });
    });
    const listening = this.#lines.first((line) => line.process === process);
    const failed = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`The server ended with ${String(code)}`)));
    });
    failed.catch(() => {});
    const line = await Promise.race([listening, failed]);
    if (line.type === "listening") this.#port = line.port;
  }

  /** Sends a signal that stops or continues it. */
  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(name);
  }

  /** Ends it; resolves when all that it wrote is in the journal. */
  async kill(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await gone;
  }

  /** Cuts all connections. */
  drop(): void {
    this.#child?.send({ command: "drop" });
  }

  /** Sends a message to all clients. */
  send(value: string): void {
    this.#child?.send({ command: "send", value });
  }

  /** Shows another certificate to whoever connects from now on. */
  async certify(value: ServerTls): Promise<void> {
    const from = this.#lines.items.length;
    this.#child?.send({ command: "certify", value });
    await this.#lines.first(({ type }) => type === "certified", from);
  }

  /** Resolves after so many pings of clients. */
  async pinged(times: number): Promise<void> {
    let count = 0;
    await this.#lines.first(({ type }) => type === "pinged" && ++count === times);
  }

  /** Resolves when the message is in the journal. */
  async received(number: number): Promise<void> {
    await this.#lines.first((line) => line.type === "received" && line.number === number);
  }

  /** Resolves when all connections are gone but the one that brought this message: what they held is in the journal. */
  async alone(number: number): Promise<void> {
    const isIt = (line: Line): boolean => line.type === "received" && line.number === number;
    const kept = (await this.#lines.first(isIt)) as { connection: number; process: number };
    for (const { type, process, ...opened } of this.#lines.items.slice()) {
      const { connection } = opened as { readonly connection: number };
      if (type !== "open" || process !== this.#starts || connection === kept.connection) continue;
      await this.#lines.first(
        (line) =>
          line.type === "gone" && line.process === process && line.connection === connection,
      );
    }
  }
}
