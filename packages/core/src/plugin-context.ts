import { Cancel } from "./cancel.ts";
import type { WebSocketClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ClientClosedError, PluginError, isStreamTungsteniteError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";
import type { Link } from "./link.ts";
import type { ExchangeOptions, HandshakeSession, PluginContext } from "./plugin.ts";
import type { Entry } from "./plugins.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Random } from "@stream-tungstenite/retry";

/** What one plugin's `setup` is given: the client from inside. */
export class Context implements PluginContext {
  readonly #supervisor: Supervisor;
  readonly #entry: Entry;
  readonly #cancel = new Cancel();

  constructor(supervisor: Supervisor, entry: Entry) {
    this.#supervisor = supervisor;
    this.#entry = entry;
    entry.leave = () =>
      this.#cancel.abort(new ClientClosedError(`Plugin '${entry.name}' was torn down`));
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
    signal?.throwIfAborted();
    const { plugin, name } = this.#entry;
    const { options, sender } = this.#supervisor;
    const link = this.#supervisor.readyLink ?? (await this.#nextLink(signal));
    const release = hold ? sender.hold() : undefined;
    const deadline = timeout ?? plugin.handshakeTimeout ?? options.handshakeTimeout;
    try {
      return await link.talks.converse(name, run, deadline, signal);
    } finally {
      release?.();
    }
  }

  fail(cause: unknown): void {
    const isCause =
      isStreamTungsteniteError(cause) &&
      ("close" in cause || "step" in cause || "plugin" in cause || "phase" in cause);
    const error = isCause
      ? (cause as DisconnectCause)
      : new PluginError(this.#entry.name, "fail", { cause });
    this.#supervisor.link?.lose(error);
  }

  probe(): void {
    this.#supervisor.plugins.observe("onProbe");
  }

  report(error: unknown): void {
    this.#supervisor.report(new PluginError(this.#entry.name, "report", { cause: error }));
  }

  /** The next connection whose handshakes are done; it may be gone again before its promise is. */
  async #nextLink(signal: AbortSignal | undefined): Promise<Link> {
    for (;;) {
      try {
        await this.client.ready({ signal });
      } catch (error) {
        if (signal?.aborted) throw error;
        throw error instanceof ClientClosedError
          ? error
          : new ClientClosedError(undefined, { cause: error });
      }
      const { readyLink } = this.#supervisor;
      if (readyLink) return readyLink;
    }
  }
}
