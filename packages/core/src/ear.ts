import type { Link } from "./link.ts";
import type { Pings } from "./pings.ts";

/** What one plugin listens for. There is one for all its pings, so that an idle connection makes little. */
export class Ear {
  readonly #fault: (hook: string, error: unknown) => void;
  #onFrame: (() => void) | null = null;
  #onPong: ((rtt: number) => void) | null = null;

  constructor(fault: (hook: string, error: unknown) => void) {
    this.#fault = fault;
  }

  onNextFrame(link: Link | null, task: () => void): void {
    this.#onFrame = task;
    link?.onNextFrame(this.#heard);
  }

  ping(pings: Pings, link: Link | null, answered: (rtt: number) => void): void {
    pings.forget(this.#answered);
    this.#onPong = answered;
    pings.send(link, this.#answered);
  }

  /** Nothing is told any more. */
  close(pings: Pings): void {
    this.#onFrame = null;
    pings.forget(this.#answered);
  }

  readonly #heard = (): void => {
    const task = this.#onFrame;
    this.#onFrame = null;
    try {
      task?.();
    } catch (error) {
      this.#fault("onNextFrame", error);
    }
  };

  readonly #answered = (rtt: number): void => {
    try {
      this.#onPong?.(rtt);
    } catch (error) {
      this.#fault("ping", error);
    }
  };
}
