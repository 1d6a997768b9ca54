import type { Duplex } from "node:stream";
import type { ConnectRequest } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import { abortable } from "./abortable.ts";
import { DialTrace } from "./dial-trace.ts";
import { connectLending, type LentReads, type Target } from "./lent-reads.ts";
import { NodeSocket } from "./node-socket.ts";
import { planDial } from "./plan.ts";
import type { Settings } from "./settings.ts";

/** What a connection needs until it is open, and lets go of then. */
export class Dial {
  readonly request: ConnectRequest;
  readonly settings: Settings;
  readonly trace: DialTrace;
  /** Where the socket is made here, and nobody needs all that it reads. */
  reads: LentReads | undefined;
  /** Aborts all that the dial awaits, and destroys sockets on their way to a proxy. */
  readonly #controller = new AbortController();
  readonly #onAbort: () => void;

  /** Calls `onAbort` when the request is given up before the dial is over. */
  constructor(request: ConnectRequest, settings: Settings, onAbort: () => void) {
    this.request = request;
    this.settings = settings;
    this.trace = new DialTrace(request.url, request.protocols);
    this.#onAbort = onAbort;
    request.signal.addEventListener("abort", onAbort, { once: true });
  }

  /** Gives the socket to `listen` as soon as there is one; it is not open yet. */
  async start(listen: (ws: NodeSocket) => void): Promise<void> {
    const { request, settings, trace } = this;
    const { url, protocols, attempt } = request;
    const { signal } = this.#controller;
    trace.phase = "url";
    // The error of its constructor would quote the URL.
    trace.isFinal = !URL.canParse(url);
    if (trace.isFinal) throw new Error("not a URL");
    trace.phase = "options";
    const plan = planDial(new URL(url), settings, { attempt, signal }, trace);
    const options: ClientOptions = await abortable(plan, signal);
    // It may have been given up after the plan was ready and before this went on.
    signal.throwIfAborted();
    // What it throws, it would throw again.
    trace.isFinal = true;
    const ws = new NodeSocket(url, [...protocols], this.#lend(url, options));
    trace.isFinal = false;
    listen(ws);
  }

  /** Unless sockets come from elsewhere, or may be of another kind after a redirection. */
  #lend(url: string, options: ClientOptions): ClientOptions {
    const { agent, createConnection, followRedirects } = options;
    const scheme = /^(?:ws|http)(s?):/i.exec(url);
    if (!scheme || agent || createConnection || followRedirects) return options;
    const connect = (target: Target): Duplex => {
      this.reads = connectLending(target, scheme[1] !== "");
      return this.reads.socket;
    };
    return { ...options, createConnection: connect as unknown as typeof createConnection };
  }

  /** Awaits nothing any more. */
  giveUp(): void {
    this.#controller.abort(new Error("the dial was given up"));
  }

  /** Open or failed: the request's signal has no say any more. */
  end(): void {
    this.request.signal.removeEventListener("abort", this.#onAbort);
  }
}
