import type { Clock } from "./clock.ts";
import { HandshakeError, isStreamTungsteniteError } from "./errors.ts";
import type { ConnectionLostError, DisconnectCause } from "./errors.ts";
import type { Link } from "./link.ts";
import { Pending } from "./pending.ts";
import { Session } from "./session.ts";

interface Talk {
  readonly session: Session;
  readonly pending: Pending<never>;
  cancelDeadline: () => void;
}

/** The handshakes and exchanges under way on one connection. */
export class Talks {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #underWay = new Set<Talk>();
  #lost: ConnectionLostError | null = null;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  /**
   * Lets `run` speak with the server. While receiving is paused its deadline rests.
   *
   * @throws what `run` throws; HandshakeTimeoutError; ConnectionLostError
   */
  async converse<T>(
    step: string,
    run: (session: Session) => Promise<T>,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const session = new Session(this.#link, step);
    const pending = new Pending<T>(this.#clock, { signal });
    const talk: Talk = { session, pending: pending as Pending<never>, cancelDeadline: () => {} };
    const arm = (): void => {
      talk.cancelDeadline = this.#clock.schedule(timeout, () => {
        if (this.#link.paused && !this.#lost) arm();
        else pending.reject(this.#lost ?? session.timedOut(timeout));
      });
    };
    this.#underWay.add(talk);
    if (timeout > 0) arm();
    try {
      if (!pending.settled) {
        new Promise<T>((resolve) => resolve(run(session))).then(
          (value) => pending.resolve(value),
          (error: unknown) => pending.reject(error),
        );
      }
      return await pending.promise;
    } catch (error) {
      // A handshake made of several says which of them it was at.
      if (error instanceof HandshakeError && error.step === "") {
        (error as { step: string }).step = session.step;
      }
      throw error;
    } finally {
      talk.cancelDeadline();
      this.#underWay.delete(talk);
      session.end();
    }
  }

  /**
   * The connection is lost. A step that waits for a message is told and may judge the close, within its
   * deadline; true when there is one. The others are over at once.
   */
  end(lost: ConnectionLostError): boolean {
    this.#lost = lost;
    let judging = false;
    for (const { session, pending } of this.#underWay) {
      if (session.isReceiving) judging = true;
      else pending.reject(lost);
      session.end(lost);
    }
    return judging;
  }

  /** Over, whatever they wait for. */
  abort(error: Error): void {
    for (const talk of this.#underWay) {
      talk.cancelDeadline();
      talk.pending.reject(error);
    }
  }
}

/** What a failed handshake means for the connection. */
export function handshakeCause(error: unknown, step: string): DisconnectCause {
  // Across two copies of the package: a refusal has to stay a refusal.
  if (isStreamTungsteniteError(error) && ("step" in error || "close" in error)) {
    return error as DisconnectCause;
  }
  const detail = error instanceof Error ? `: ${error.message}` : "";
  return new HandshakeError(`Handshake '${step}' failed${detail}`, { step, cause: error });
}
