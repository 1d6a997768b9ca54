import { ConnectError, type ConnectPhase } from "../errors.ts";
import type { Message } from "../message.ts";
import { redactUrl } from "../redact.ts";
import { type MemoryPeer, Peer } from "./memory-peer.ts";
import type { MemorySocket } from "./memory-socket.ts";

/** One dial as the server sees it. It is answered once; until then the client waits. */
export interface MemoryDial {
  readonly url: string;
  /** Subprotocols offered. */
  readonly protocols: readonly string[];
  /** 0 for a dial asked for by `connect()`, n for the n-th retry of the outage. */
  readonly attempt: number;
  /** `gone`: the client gave up first; what answers such a dial reaches nobody. */
  readonly state: "waiting" | "accepted" | "failed" | "gone";

  /** Completes the opening handshake. @throws Error when the dial was answered already */
  accept(options?: AcceptOptions): MemoryPeer;
  /** Answers the opening handshake with an HTTP status. @throws Error when the dial was answered already */
  refuse(status: number, options?: RefuseOptions): void;
  /** Fails before there is an answer. @throws Error when the dial was answered already */
  fail(phase: ConnectPhase, options?: FailOptions): void;
}

/** What a server's acceptance of a dial says. */
export interface AcceptOptions {
  /** The subprotocol the server chooses. @defaultValue the first offered, or `""` */
  readonly protocol?: string | undefined;
  /** Extensions in use. @defaultValue `""` */
  readonly extensions?: string | undefined;
}

/** What a server's refusal of a dial says beside its HTTP status. */
export interface RefuseOptions {
  /** Milliseconds the server asks to wait (`Retry-After`). @defaultValue none */
  readonly retryAfter?: number | undefined;
}

/** What is known of a dial that failed without an answer. */
export interface FailOptions {
  /** Whether a retry may help. @defaultValue true */
  readonly retryable?: boolean | undefined;
  /** What happened, for the error's message. @defaultValue by phase */
  readonly message?: string | undefined;
  readonly cause?: unknown;
}

/** Offers the socket to the server; `onAccept` learns of its end if it accepts. */
export function memoryDial(
  socket: MemorySocket,
  tellsErrors: boolean,
  onMessage: ReadonlySet<(message: Message, peer: MemoryPeer) => void>,
  onAccept: (peer: Peer) => void,
): MemoryDial {
  return new Pending(socket, tellsErrors, onMessage, onAccept);
}

const happened: Partial<Record<ConnectPhase, string>> = {
  dns: "the host was not found",
  tcp: "the connection was refused",
  tls: "the TLS handshake failed",
  upgrade: "the opening handshake failed",
};

class Pending implements MemoryDial {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly attempt: number;
  readonly #socket: MemorySocket;
  readonly #tellsErrors: boolean;
  readonly #onMessage: ReadonlySet<(message: Message, peer: MemoryPeer) => void>;
  readonly #onAccept: (peer: Peer) => void;
  #answer: "accepted" | "failed" | undefined;

  constructor(
    socket: MemorySocket,
    tellsErrors: boolean,
    onMessage: ReadonlySet<(message: Message, peer: MemoryPeer) => void>,
    onAccept: (peer: Peer) => void,
  ) {
    const { url, protocols, attempt, signal } = socket.request;
    this.url = url;
    this.protocols = protocols;
    this.attempt = attempt;
    this.#socket = socket;
    this.#tellsErrors = tellsErrors;
    this.#onMessage = onMessage;
    this.#onAccept = onAccept;
    const abort = (): void => this.#aborted();
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    // Until the client has seen the answer, not only until it was given.
    socket.onDialed = () => signal.removeEventListener("abort", abort);
  }

  get state(): "waiting" | "accepted" | "failed" | "gone" {
    return this.#answer ?? (this.#socket.state === "closed" ? "gone" : "waiting");
  }

  accept(options?: AcceptOptions): MemoryPeer {
    this.#answerWith("accepted");
    const protocol = options?.protocol ?? this.protocols[0] ?? "";
    const peer = new Peer(this.#socket, this.#onMessage);
    if (this.#socket.state === "closed") peer.gone();
    else this.#socket.open(peer, { protocol, extensions: options?.extensions ?? "" });
    this.#onAccept(peer);
    return peer;
  }

  refuse(status: number, options?: RefuseOptions): void {
    this.#fail(
      new ConnectError(`Connecting to ${redactUrl(this.url)} failed: HTTP status ${status}`, {
        phase: "upgrade",
        status,
        retryAfter: options?.retryAfter,
      }),
    );
  }

  fail(phase: ConnectPhase, options: FailOptions = {}): void {
    const what = options.message ?? happened[phase] ?? "it failed";
    const { cause, retryable } = options;
    this.#fail(
      new ConnectError(`Connecting to ${redactUrl(this.url)} failed: ${what}`, {
        phase,
        retryable,
        ...(cause === undefined ? {} : { cause }),
      }),
    );
  }

  #fail(error: ConnectError): void {
    this.#answerWith("failed");
    this.#socket.abort(this.#tellsErrors ? error : undefined);
  }

  #aborted(): void {
    this.#socket.abort(
      new ConnectError(`Connecting to ${redactUrl(this.url)} was aborted`, {
        phase: "unknown",
        cause: this.#socket.request.signal.reason,
      }),
    );
  }

  #answerWith(answer: "accepted" | "failed"): void {
    if (this.#answer) throw new Error(`The dial was answered already: ${this.#answer}`);
    this.#answer = answer;
  }
}
