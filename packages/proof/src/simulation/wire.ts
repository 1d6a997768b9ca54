import { ConnectError } from "@stream-tungstenite/core";
import type {
  CloseInfo,
  ConnectionListener,
  ConnectRequest,
  Message,
  Transport,
} from "@stream-tungstenite/core";
import type { Journal } from "./journal.ts";
import type { Greeting, Settings } from "./schedule.ts";
import { Socket } from "./socket.ts";
import { turns } from "./turns.ts";

/** What the network reports to the model. */
export interface WireHost {
  readonly journal: Journal;
  readonly settings: Settings;
  now(): number;
  dialled(request: ConnectRequest): void;
  /** The transport took a message. */
  took(socket: Socket, text: string): void;
  /** Its bytes are on the network, or were in the buffer of a socket that ended. */
  left(text: string, isLost: boolean): void;
  /** The listener is about to be told of a message. */
  arrives(socket: Socket, isStray: boolean): Message;
}

/** The network and its only server: sockets that do what the schedule says, also what no good one does. */
export class Wire {
  readonly sockets: Socket[] = [];
  /** How the next dial is met; then it is accepted again. */
  greeting: Greeting | null = null;
  /** Questions of handshakes and exchanges, and pings, are answered at once. */
  replies = true;
  answersClose = true;
  /** The transport throws at the next message. */
  refusesNext = false;
  readonly host: WireHost;
  /** Of the attempts that asked for a URL, by the URL that they are told. */
  readonly asked: Map<string, AbortSignal> = new Map();
  /** URLs that were told, or refused, and whose consequence nobody has looked for yet. */
  readonly #told: { readonly url: string; readonly isRefused: boolean }[] = [];
  /** Lets the URL functions that wait go on. */
  readonly #late: (() => void)[] = [];

  constructor(host: WireHost) {
    this.host = host;
  }

  /** The newest socket. */
  get last(): Socket | undefined {
    return this.sockets.at(-1);
  }
  /** The newest one, as long as the client has it. */
  get current(): Socket | undefined {
    const { last } = this;
    return last?.isAlive ? last : undefined;
  }

  transport(): Transport {
    return { name: "wire", connect: (request, listener) => this.#connect(request, listener) };
  }

  /** The URL function's turn. */
  url(signal: AbortSignal): string | Promise<string> {
    const { greeting } = this;
    const url = `ws://simulated.test/${this.asked.size + 1}`;
    this.asked.set(url, signal);
    if (greeting?.kind === "late-url") {
      this.greeting = null;
      return this.#lateUrl(url, signal, greeting);
    }
    this.#told.push({ url, isRefused: greeting?.kind === "no-url" });
    if (greeting?.kind !== "no-url") return url;
    this.greeting = null;
    throw Object.assign(new Error("no URL"), greeting.retryable ? {} : { retryable: false });
  }

  /** Lets URL functions that wait answer, also those that nobody waits for any more. */
  answerUrls(): void {
    for (const go of this.#late.splice(0)) go();
  }

  /** Answers a dial, now or late; one that nobody waits for any more, too. */
  answer(socket: Socket, greeting: Greeting): void {
    if (greeting.kind === "accept" || greeting.kind === "late-url") return socket.open();
    const error = errorOf(greeting);
    if (error) socket.tell({ code: 1006, reason: "", wasClean: false, error });
  }

  /** Nothing moves: an attempt that was told its URL has dialled it, and one that was refused it is over. */
  check(): void {
    for (const { url, isRefused } of this.#told.splice(0)) {
      if (this.asked.get(url)!.aborted) continue;
      if (isRefused) this.host.journal.breaks(`the attempt goes on without ${url}`);
      else if (!this.sockets.some(({ request }) => request.url === url))
        this.host.journal.breaks(`${url} is told and never dialled`);
    }
  }

  async #lateUrl(
    url: string,
    signal: AbortSignal,
    { rejects, waits }: Extract<Greeting, { readonly kind: "late-url" }>,
  ): Promise<string> {
    if (waits) {
      await new Promise<void>((resolve) => {
        this.#late.push(resolve);
        signal.addEventListener("abort", () => resolve());
      });
    } else await turns(3);
    const when = signal.aborted ? "after its attempt" : "late";
    this.host.journal.saw(`url: ${rejects ? "rejects" : "answers"} ${when}`);
    this.#told.push({ url, isRefused: rejects });
    if (rejects) throw new Error("no URL");
    return url;
  }

  #connect(request: ConnectRequest, listener: ConnectionListener): Socket {
    const { host, greeting } = this;
    const other = this.sockets.find((socket) => socket.isAlive);
    if (other)
      host.journal.breaks(`one socket at a time: dialled while socket ${other.number} is alive`);
    if (host.settings.asksUrl) {
      const signal = this.asked.get(request.url);
      if (!signal || signal.aborted)
        host.journal.breaks(`dials ${request.url} for an attempt that is over`);
    }
    host.dialled(request);
    this.greeting = null;
    host.journal.note(
      `dial ${this.sockets.length + 1}, attempt ${request.attempt}: ${greeting?.kind ?? "accept"}`,
    );
    host.journal.saw(`dial: ${greeting?.kind ?? "accept"}`);
    if (greeting?.kind === "throw") throw new Error("no socket");
    const socket = new Socket(this, this.sockets.length + 1, request, listener);
    this.sockets.push(socket);
    if (greeting?.kind === "fail" && greeting.inside) {
      host.journal.saw("dial: fails inside connect");
      this.answer(socket, greeting);
    } else if (greeting?.kind !== "wait") {
      queueMicrotask(() => this.answer(socket, greeting ?? { kind: "accept" }));
    }
    return socket;
  }
}

function errorOf(greeting: Greeting): CloseInfo["error"] {
  if (greeting.kind === "refuse") {
    const { status, retryAfter } = greeting;
    return new ConnectError(`HTTP status ${status}`, { phase: "upgrade", status, retryAfter });
  }
  if (greeting.kind === "fail") {
    return new ConnectError("no route", { phase: "tcp", retryable: greeting.retryable });
  }
  return undefined;
}
