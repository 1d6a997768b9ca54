import type { WebSocketClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ClientClosedError, PluginError } from "./errors.ts";
import type { StreamTungsteniteError } from "./errors.ts";
import { Inflow } from "./inflow.ts";
import { lightError } from "./light-error.ts";
import type { Link } from "./link.ts";
import type { ClientState } from "./machine.ts";
import { Notifier } from "./notifier.ts";
import type { ClientOptions, Resolved } from "./options.ts";
import type { Outage } from "./outage.ts";
import { Pings } from "./pings.ts";
import { Plugins } from "./plugins.ts";
import type { Entry } from "./plugins.ts";
import { redactUrl } from "./redact.ts";
import { resolveOptions } from "./resolve-options.ts";
import { Sender } from "./sender.ts";
import type { SenderHost } from "./sender.ts";
import { noTotals } from "./snapshot.ts";
import type { Totals } from "./snapshot.ts";
import type { CloseInfo, OpenInfo } from "./transport.ts";

/** What a client is made of, and where its faults go. */
export class Parts implements SenderHost {
  readonly client: WebSocketClient;
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly notifier: Notifier;
  readonly totals: Totals = noTotals();
  state: ClientState = { status: "idle" };
  /** Somebody has yet to be told of `closed`. */
  isEnding = false;
  /** From the dial to the end of the connection. */
  link: Link | null = null;
  /** Since the first loss. */
  outage: Outage | null = null;
  /** Null until somebody has needed it. */
  protected receiving: Inflow | null = null;
  #sender: Sender | null = null;
  #pings: Pings | null = null;
  /** What was dialled last, secrets included. */
  #url: string;
  #opened = 0;

  /** @throws ConfigurationError with every fault of the options and of the plugin list */
  constructor(client: WebSocketClient, options: ClientOptions) {
    const faults: string[] = [];
    this.client = client;
    this.options = resolveOptions(options, faults);
    this.plugins = new Plugins((options as ClientOptions | undefined)?.plugins, faults, this);
    this.notifier = new Notifier(this.plugins);
    this.#url = this.options.target ?? "";
  }

  get clock(): Clock {
    return this.options.clock;
  }
  /** Redacted. */
  get url(): string {
    return redactUrl(this.#url);
  }
  /** Since the outage began. */
  get retries(): number {
    return this.outage?.retries ?? 0;
  }
  /** Made for the first message, or reader. */
  get inflow(): Inflow {
    return (this.receiving ??= new Inflow(
      this.notifier,
      this.options.receiveBuffer,
      this.readyLink,
    ));
  }
  get paused(): boolean {
    return this.receiving?.isPaused ?? false;
  }
  /** Made for the first message: a client that only listens needs nothing of it. */
  get sender(): Sender {
    return (this.#sender ??= this.#newSender());
  }
  get pings(): Pings {
    return (this.#pings ??= new Pings(this.clock));
  }
  /** Why the client gave up; null when it did not. */
  get causeOfEnd(): StreamTungsteniteError | null {
    return this.state.status === "closed" ? this.state.cause : null;
  }
  get closedError(): ClientClosedError {
    const cause = this.causeOfEnd;
    return new ClientClosedError(undefined, cause ? { cause } : undefined);
  }
  /** Why those who waited for a connection wait no more. */
  get endError(): StreamTungsteniteError {
    return this.causeOfEnd ?? this.closedError;
  }
  /** The connection, once its handshakes are done. */
  get readyLink(): Link | null {
    return this.state.status === "connected" ? this.link : null;
  }

  /** The URL to dial is known. */
  resolved(url: string): void {
    this.#url = url;
  }

  /** A socket is open. */
  opened(link: Link, { protocol, extensions }: OpenInfo): void {
    link.id = ++this.#opened;
    this.#sender?.attach(link);
    this.notifier.tell("open", { protocol, extensions });
  }

  /** A socket is gone: whatever was under way on it is put back, or told. */
  detach(link: Link, close: CloseInfo, bufferedAmount: number): void {
    this.link = null;
    this.receiving?.detach();
    this.#pings?.lose(close);
    this.#sender?.detach(close, bufferedAmount);
  }

  /** The handshakes are done: what is queued may go. */
  protected startSending(): void {
    this.#sender?.start();
  }

  #newSender(): Sender {
    const sender = new Sender(this);
    const { link, state } = this;
    // What it would have been told so far.
    if (link && link.id > 0) sender.attach(link);
    if (state.status === "connected") sender.start();
    return sender;
  }

  /** Counts an error, and keeps it as the last one. */
  protected failed(error: StreamTungsteniteError): void {
    this.totals.errorCount++;
    this.totals.lastError = lightError(error);
  }

  /** Raises `error`. */
  report(
    error: StreamTungsteniteError,
    attempt: number = this.link?.attempt ?? this.retries,
    listenersOnly?: boolean,
  ): void {
    this.failed(error);
    // `closed` is last: of what goes wrong in plugins after it only the figures tell.
    if (this.state.status === "closed" && !this.isEnding) return;
    this.notifier.tell("error", { error, attempt }, listenersOnly);
  }

  /** Of a hook that was called for that connection, which by now may have been followed by another. */
  fault(entry: Entry, hook: string, error: unknown, link: Link | null = this.link): void {
    const failure = new PluginError(entry.name, hook, { cause: error });
    // An observer of errors that throws would be told of its own error for ever.
    this.report(failure, link?.attempt, hook === "onError");
    if (this.options.pluginErrorPolicy === "disconnect") link?.lose(failure);
  }
}
