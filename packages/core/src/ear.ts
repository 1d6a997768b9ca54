import type { Ping } from "./pings.ts";
import type { Entry } from "./plugins.ts";
import type { Supervisor } from "./supervisor.ts";

/** What an ear needs from the client. */
type EarHost = Pick<Supervisor, "link" | "readyLink" | "pings" | "fault">;

/**
 * What one plugin, or one part of a chain, listens for. There is one for all its frames and pings, so that
 * an idle connection makes little and a silent one piles up nothing.
 */
export class Ear implements Ping {
  payload: Uint8Array | undefined;
  sentAt: number | undefined;
  readonly #client: EarHost;
  readonly #entry: Entry;
  #onFrame: (() => void) | null = null;
  #onPong: ((rtt: number) => void) | null = null;
  /** Why it was closed. */
  #reason: unknown;

  constructor(client: EarHost, entry: Entry) {
    this.#client = client;
    this.#entry = entry;
  }

  onNextFrame(task: () => void): void {
    if (this.#reason) throw this.#reason;
    this.#onFrame = task;
    this.#client.link?.tellNextFrame(this);
  }

  ping(answered: (rtt: number) => void): void {
    if (this.#reason) throw this.#reason;
    const { pings, readyLink } = this.#client;
    pings.forget(this);
    this.#onPong = answered;
    pings.send(readyLink, this);
  }

  /** The frame has come. */
  heard(): void {
    const task = this.#onFrame;
    this.#onFrame = null;
    try {
      task?.();
    } catch (error) {
      this.#client.fault(this.#entry, "onNextFrame", error);
    }
  }

  /** Nothing is told any more. */
  close(reason: unknown): void {
    this.#reason = reason;
    this.#onFrame = null;
    this.#client.pings.forget(this);
  }

  answered(rtt: number): void {
    try {
      this.#onPong?.(rtt);
    } catch (error) {
      this.#client.fault(this.#entry, "ping", error);
    }
  }
}
