import type { RetryContext } from "@stream-tungstenite/retry";
import { PluginError, RetriesExhaustedError } from "./errors.ts";
import type { ConnectError, DisconnectCause, StreamTungsteniteError } from "./errors.ts";
import type { Resolved } from "./options.ts";
import { isThenable } from "./plugins.ts";
import type { FaultHost, Plugins } from "./plugins.ts";
import { describeValue, isFrom } from "./rules.ts";
import { isTransient } from "./transient.ts";

/** The server may ask for at most so much patience, in milliseconds. */
const longestRetryAfter = 3_600_000;

/** What the book needs from the client. */
export interface OutageHost extends FaultHost {
  readonly options: Resolved;
  readonly plugins: Plugins;
}

/** A connection or a dial that failed. */
export interface Loss {
  readonly cause: DisconnectCause;
  /** Milliseconds the connection had been connected; 0 if it never was. */
  readonly uptime: number;
  /** Least delay before the next attempt, in milliseconds. */
  readonly floor: number;
}

/** The book of one outage, from a loss to stable uptime: how often, since when, whether and when to retry. */
export class Outage {
  /** Retries so far: the number of the last one. */
  retries = 0;
  readonly #host: OutageHost;
  #since: number | null = null;
  #previousDelay: number | null = null;
  #mayTryFreshCredentials = true;

  constructor(host: OutageHost) {
    this.#host = host;
  }

  /** It is over, or the application wants to start afresh. */
  forget(): void {
    this.retries = 0;
    this.#since = null;
    this.#previousDelay = null;
    this.#mayTryFreshCredentials = true;
  }

  begin(): void {
    this.#since ??= this.#host.options.clock.now();
  }

  /**
   * Calls back with the delay before the next attempt, or with what to give up with. When the answer is
   * yet to come, returns the means to hear of it no more.
   */
  judge(
    loss: Loss,
    retry: (delay: number) => void,
    giveUp: (error: StreamTungsteniteError) => void,
  ): (() => void) | undefined {
    const settle = (isWorthIt: boolean): void => {
      let delay: number;
      try {
        if (!isWorthIt) throw loss.cause;
        delay = this.nextDelay(loss);
      } catch (error) {
        return giveUp(error as StreamTungsteniteError);
      }
      retry(delay);
    };
    const verdict = this.isWorthRetrying(loss.cause);
    if (!isThenable(verdict)) {
      settle(verdict);
      return undefined;
    }
    let isAwaited = true;
    // A promise of whatever make: its `then` may throw.
    Promise.resolve(verdict).then(
      (answer) => isAwaited && settle(answer),
      (cause: unknown) =>
        isAwaited && giveUp(new PluginError("options", "shouldReconnect", { cause })),
    );
    return () => {
      isAwaited = false;
    };
  }

  /** Asks the plugins, the first answer wins; then the option. */
  isWorthRetrying(cause: DisconnectCause): boolean | PromiseLike<boolean> {
    for (const entry of this.#host.plugins.having("shouldReconnect")) {
      try {
        const answer = entry.plugin.shouldReconnect(cause);
        if (answer !== undefined) return answer;
      } catch (error) {
        this.#host.fault(entry, "shouldReconnect", error);
      }
    }
    const { shouldReconnect } = this.#host.options;
    if (!shouldReconnect) return isTransient(cause) || this.#triesFreshCredentials(cause);
    try {
      return shouldReconnect(cause);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Milliseconds until the next attempt, at least `floor`. Counts the attempt.
   *
   * @throws RetriesExhaustedError when the strategy gives up
   * @throws PluginError when it throws, or a delay is impossible
   */
  nextDelay({ cause, uptime, floor }: Loss): number {
    const { clock, random } = this.#host.options;
    const { strategy } = this.#host.plugins;
    const elapsed = this.#since === null ? 0 : clock.now() - this.#since;
    const { retryAfter: asked = -1 } = cause as ConnectError;
    const retryAfter = asked >= 0 ? Math.min(asked, longestRetryAfter) : null;
    const context: RetryContext<DisconnectCause> = {
      attempt: this.retries + 1,
      previousDelay: this.#previousDelay,
      elapsed,
      uptime,
      retryAfter,
      cause,
      random,
    };
    let chosen: number | null;
    try {
      chosen = strategy.plugin.nextDelay(context);
    } catch (error) {
      throw new PluginError(strategy.name, "nextDelay", { cause: error });
    }
    if (chosen === null) throw new RetriesExhaustedError(this.retries, elapsed, { cause });
    let delay = possible(chosen, strategy.name, "nextDelay");
    for (const entry of this.#host.plugins.having("adjustDelay")) {
      let adjusted: number | void = undefined;
      try {
        adjusted = entry.plugin.adjustDelay(delay, context);
      } catch (error) {
        this.#host.fault(entry, "adjustDelay", error);
      }
      if (adjusted !== undefined) delay = possible(adjusted, entry.name, "adjustDelay");
    }
    this.retries++;
    this.#previousDelay = Math.max(delay, floor, retryAfter ?? 0);
    return this.#previousDelay;
  }

  /** HTTP 401, 403 and 407 are worth one retry per outage where the next attempt asks for new credentials. */
  #triesFreshCredentials({ status }: Partial<ConnectError>): boolean {
    if (status !== 401 && status !== 403 && status !== 407) return false;
    const may =
      this.#mayTryFreshCredentials &&
      (this.#host.options.target === null || this.#host.plugins.freshCredentials);
    this.#mayTryFreshCredentials = false;
    return may;
  }
}

/** A delay that no clock can keep would retry at once, or never. */
function possible(delay: number, plugin: string, hook: string): number {
  if (isFrom(0, delay)) return delay;
  // Of an async function: what it rejects with is not the fault.
  Promise.resolve(delay).catch(() => {});
  const cause = new RangeError(`${describeValue(delay)} is not a delay in milliseconds`);
  throw new PluginError(plugin, hook, { cause });
}
