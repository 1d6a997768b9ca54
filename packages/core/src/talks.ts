import type { ConnectionLostError } from "./errors.ts";
import { nameStep } from "./handshake-cause.ts";
import type { Link } from "./link.ts";
import { Pending } from "./pending.ts";
import { Session } from "./session.ts";

/** The handshakes and exchanges under way on one connection. */
export class Talks {
  readonly #link: Link;
  readonly #underWay = new Map<Session, Pick<Pending<unknown>, "reject">>();
  #lost: ConnectionLostError | null = null;

  constructor(link: Link) {
    this.#link = link;
  }

  get areUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  /**
   * Lets `run` speak with the server; 0 is no deadline. While receiving is paused the deadline rests.
   *
   * @throws what `run` throws; HandshakeTimeoutError; ConnectionLostError
   */
  async converse<T>(
    step: string,
    run: (session: Session) => Promise<T>,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const { clock } = this.#link;
    const session = new Session(this.#link, step);
    const pending = new Pending<T>(clock, { signal, timeout });
    let cancelDeadline = (): void => {};
    const arm = (): void => {
      cancelDeadline = clock.schedule(timeout, () => {
        if (this.#lost) pending.reject(this.#lost);
        else if (this.#link.paused) arm();
        else pending.reject(session.timedOut(timeout));
      });
    };
    this.#underWay.set(session, pending);
    try {
      if (!pending.settled) {
        if (timeout > 0) arm();
        new Promise<T>((resolve) => resolve(run(session))).then(
          (value) => pending.resolve(value),
          (error: unknown) => pending.reject(error),
        );
      }
      return await pending.promise;
    } catch (error) {
      throw nameStep(error, session.step);
    } finally {
      cancelDeadline();
      this.#underWay.delete(session);
      session.end();
    }
  }

  /**
   * The connection is lost. A step that waits for a message is told and may judge the close, within its
   * deadline; true when there is one. The others are over at once.
   */
  end(lost: ConnectionLostError): boolean {
    this.#lost = lost;
    let isJudging = false;
    for (const [session, pending] of this.#underWay) {
      if (session.isReceiving) isJudging = true;
      else pending.reject(lost);
      session.end(lost);
    }
    return isJudging;
  }

  /** Over, whatever they wait for. */
  abort(error: Error): void {
    for (const pending of this.#underWay.values()) pending.reject(error);
  }
}
