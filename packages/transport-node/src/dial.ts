import type { Duplex } from "node:stream";
import type { ConnectRequest } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import { abortable } from "./abortable.ts";
import { DialTrace } from "./dial-trace.ts";
import { connectLending, type LentReads, type Target } from "./lent-reads.ts";
import { NodeSocket } from "./node-socket.ts";
import { planDial } from "./plan.ts";
import type { ProvidedOptions } from "./provided.ts";
import type { Settings } from "./settings.ts";

/** What a connection needs until it is open, and lets go of then. */
export class Dial {
  readonly request: ConnectRequest;
  readonly settings: Settings;
  readonly trace: DialTrace;
  /** Where the socket is made here, and nobody needs all that it reads. */
  reads: LentReads | undefined;
  /** Aborts what the dial awaits, if anything, and destroys sockets on their way to a proxy. */
  #controller: AbortController | undefined;
  readonly #onAbort: () => void;

  /** Calls `onAbort` when the request is given up before the dial is over. */
  constructor(request: ConnectRequest, settings: Settings, onAbort: () => void) {
    this.request = request;
    this.settings = settings;
    this.trace = new DialTrace(request.url, request.protocols);
    this.#onAbort = onAbort;
    request.signal.addEventListener("abort", onAbort, { once: true });
  }

  /** Gives the socket to `listen` as soon as there is one, mostly at once; it is not open yet. */
  start(listen: (ws: NodeSocket) => void): Promise<void> | void {
    const { request, settings, trace } = this;
    request.signal.throwIfAborted();
    trace.phase = "url";
    // The error of its constructor would quote the URL.
    trace.isFinal = !URL.canParse(request.url);
    if (trace.isFinal) throw new Error("not a URL");
    trace.phase = "options";
    if (settings.freshCredentials || settings.proxy) return this.#ask(listen);
    this.#connect(settings, listen);
  }

  /** For options that need asking, or a proxy. */
  async #ask(listen: (ws: NodeSocket) => void): Promise<void> {
    const { request, settings, trace } = this;
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    // Loaded for those who need it.
    const asked = import("./provided.ts").then(({ askProviders }) =>
      askProviders(new URL(request.url), settings, { attempt: request.attempt, signal }, trace),
    );
    const provided = await abortable(asked, signal);
    // It may have been given up after all was ready and before this went on.
    signal.throwIfAborted();
    this.#connect(provided, listen);
  }

  #connect(provided: ProvidedOptions, listen: (ws: NodeSocket) => void): void {
    const { request, settings, trace } = this;
    const options = this.#lend(request.url, planDial(provided, settings, trace));
    // What it throws, it would throw again.
    trace.isFinal = true;
    const ws = new NodeSocket(request.url, [...request.protocols], options);
    trace.isFinal = false;
    listen(ws);
  }

  /** Unless sockets come from elsewhere, or may be of another kind after a redirection. */
  #lend(url: string, options: ClientOptions): ClientOptions {
    const { agent, createConnection, followRedirects } = options;
    if (!/^(ws|http)s?:/i.test(url) || agent || createConnection || followRedirects) return options;
    const isSecure = /^(wss|https):/i.test(url);
    const connect = (target: Target): Duplex => {
      this.reads = connectLending(target, isSecure);
      return this.reads.socket;
    };
    options.createConnection = connect as unknown as typeof createConnection;
    return options;
  }

  /** Awaits nothing any more. */
  giveUp(): void {
    this.#controller?.abort(new Error("the dial was given up"));
  }

  /** Open or failed: the request's signal has no say any more. */
  end(): void {
    this.request.signal.removeEventListener("abort", this.#onAbort);
  }
}
