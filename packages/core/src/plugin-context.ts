import type { WebSocketClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { Ear } from "./ear.ts";
import { ClientClosedError, PluginError, isStreamTungsteniteError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";
import type { ExchangeOptions, HandshakeSession, PluginContext } from "./plugin.ts";
import type { Entry } from "./plugins.ts";
import { settled } from "./settled.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Random } from "@stream-tungstenite/retry";

/** What one plugin's `setup` is given: the client from inside. */
export class Context implements PluginContext {
  readonly #supervisor: Supervisor;
  readonly #entry: Entry;
  // Few plugins need any of these.
  #controller: AbortController | undefined;
  /** Exchanges under way, or waiting for `connected`. */
  #exchanges: Set<AbortController> | undefined;
  #ear: Ear | undefined;
  /** With those of its parts. */
  #ears: readonly Ear[] | undefined;

  constructor(supervisor: Supervisor, entry: Entry) {
    this.#supervisor = supervisor;
    this.#entry = entry;
    entry.leave = () => {
      const reason = new ClientClosedError(`Plugin '${entry.name}' was torn down`);
      // First, so that what listens to the signal finds them closed.
      this.#ears?.forEach((ear) => ear.close(reason));
      this.#cancel.abort(reason);
      // An exchange that was just told of the end of its connection may still judge it.
      void settled().then(() => {
        for (const exchange of this.#exchanges ?? []) exchange.abort(reason);
      });
    };
  }

  get client(): WebSocketClient {
    return this.#supervisor.client;
  }
  get clock(): Clock {
    return this.#supervisor.clock;
  }
  get random(): Random {
    return this.#supervisor.options.random;
  }
  get #cancel(): AbortController {
    return (this.#controller ??= new AbortController());
  }
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }
  get received(): number {
    return this.#supervisor.link?.received ?? 0;
  }
  get paused(): boolean {
    return this.#supervisor.paused;
  }
  get canPing(): boolean {
    return this.#supervisor.readyLink?.canPing ?? false;
  }

  async exchange<T>(
    run: (session: HandshakeSession) => Promise<T>,
    { timeout, signal, hold = false }: ExchangeOptions = {},
  ): Promise<T> {
    this.signal.throwIfAborted();
    signal?.throwIfAborted();
    const cancel = new AbortController();
    const abort = (): void => cancel.abort(signal?.reason);
    signal?.addEventListener("abort", abort);
    (this.#exchanges ??= new Set()).add(cancel);
    let release: (() => void) | undefined;
    try {
      let link = this.#supervisor.readyLink;
      // By the time that its promise is heard of, a connection may be gone again.
      for (; !link; link = this.#supervisor.readyLink) await this.#connected(cancel.signal);
      if (hold) release = this.#supervisor.sender.hold();
      const { plugin, name } = this.#entry;
      const deadline =
        timeout ?? plugin.handshakeTimeout ?? this.#supervisor.options.handshakeTimeout;
      return await link.talks.converse(name, run, deadline, cancel.signal);
    } finally {
      release?.();
      this.#exchanges?.delete(cancel);
      signal?.removeEventListener("abort", abort);
    }
  }

  fail(cause: unknown): void {
    const { link } = this.#supervisor;
    // A doubt about the last connection must not end the dial for the next, nor a timer that a plugin
    // left behind a connection.
    if (this.signal.aborted || !link?.isOpen) return;
    const isCause =
      isStreamTungsteniteError(cause) &&
      ["close", "step", "plugin", "phase"].some((property) => property in cause);
    link.lose(
      isCause ? (cause as DisconnectCause) : new PluginError(this.#entry.name, "fail", { cause }),
    );
  }

  onNextFrame(task: () => void): void {
    (this.#ear ??= this.ear()).onNextFrame(task);
  }

  ping(answered: (rtt: number) => void): void {
    (this.#ear ??= this.ear()).ping(answered);
  }

  probe(): void {
    this.#supervisor.plugins.observe("onProbe");
  }

  report(error: unknown): void {
    this.#supervisor.report(new PluginError(this.#entry.name, "report", { cause: error }));
  }

  suspend(): () => void {
    this.signal.throwIfAborted();
    return this.#supervisor.suspend();
  }

  /** Another one: parts of a plugin must not take each other's place. */
  ear(): Ear {
    this.#controller?.signal.throwIfAborted();
    const ear = new Ear(this.#supervisor, this.#entry);
    // No room for more, as in the link.
    this.#ears = (this.#ears ?? []).concat(ear);
    return ear;
  }

  async #connected(signal: AbortSignal): Promise<void> {
    try {
      await this.client.ready({ signal });
    } catch (cause) {
      if (signal.aborted || cause instanceof ClientClosedError) throw cause;
      throw new ClientClosedError(undefined, { cause });
    }
  }
}
