import type { RetryContext } from "@stream-tungstenite/retry";
import { PluginError, isTransient } from "./errors.ts";
import type { ConnectError, DisconnectCause } from "./errors.ts";
import type { Resolved } from "./options.ts";
import { isThenable } from "./plugins.ts";
import type { Fault, Plugins } from "./plugins.ts";

/** The server may ask for at most so much patience, in milliseconds. */
const longestRetryAfter = 3_600_000;

/** The book of one outage, from a loss to stable uptime: how often, since when, whether and when to retry. */
export class Outage {
  /** Retries so far: the number of the last one. */
  retries = 0;
  readonly #options: Resolved;
  readonly #plugins: Plugins;
  readonly #fault: Fault;
  #since: number | null = null;
  #previousDelay: number | null = null;
  #triedFreshCredentials = false;

  constructor(options: Resolved, plugins: Plugins, fault: Fault) {
    this.#options = options;
    this.#plugins = plugins;
    this.#fault = fault;
  }

  /** Milliseconds since it began. */
  get elapsed(): number {
    return this.#since === null ? 0 : this.#options.clock.now() - this.#since;
  }

  /** It is over, or the application wants to start afresh. */
  forget(): void {
    this.retries = 0;
    this.#since = null;
    this.#previousDelay = null;
    this.#triedFreshCredentials = false;
  }

  begin(): void {
    this.#since ??= this.#options.clock.now();
  }

  /** Asks the plugins, the first answer wins; then the option. */
  isWorthRetrying(cause: DisconnectCause): boolean | Promise<boolean> {
    for (const entry of this.#plugins.having("shouldReconnect")) {
      try {
        const answer = entry.plugin.shouldReconnect(cause);
        if (answer !== undefined) return answer;
      } catch (error) {
        this.#fault(entry, "shouldReconnect", error);
      }
    }
    const { shouldReconnect } = this.#options;
    if (!shouldReconnect) return isTransient(cause) || this.#mayTryFreshCredentials(cause);
    const failed = (error: unknown): never => {
      throw new PluginError("options", "shouldReconnect", { cause: error });
    };
    try {
      const answer = shouldReconnect(cause);
      return isThenable(answer) ? Promise.resolve(answer).catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  }

  /**
   * Milliseconds until the next attempt, at least `floor`, or null to give up. Counts the attempt.
   *
   * @throws PluginError when the strategy throws, or a delay is impossible
   */
  nextDelay(cause: DisconnectCause, uptime: number, floor: number): number | null {
    const asked = (cause as ConnectError).retryAfter;
    const retryAfter = asked === undefined ? null : Math.min(asked, longestRetryAfter);
    const context: RetryContext<DisconnectCause> = {
      attempt: this.retries + 1,
      previousDelay: this.#previousDelay,
      elapsed: this.elapsed,
      uptime,
      retryAfter,
      cause,
      random: this.#options.random,
    };
    const { strategy } = this.#plugins;
    let chosen: number | null;
    try {
      chosen = strategy.plugin.nextDelay(context);
    } catch (error) {
      throw new PluginError(strategy.name, "nextDelay", { cause: error });
    }
    if (chosen === null) return null;
    let delay = possible(chosen, strategy.name, "nextDelay");
    for (const entry of this.#plugins.having("adjustDelay")) {
      let adjusted: number | void = undefined;
      try {
        adjusted = entry.plugin.adjustDelay(delay, context);
      } catch (error) {
        this.#fault(entry, "adjustDelay", error);
      }
      if (adjusted !== undefined) delay = possible(adjusted, entry.name, "adjustDelay");
    }
    this.retries++;
    this.#previousDelay = chosen;
    return Math.max(delay, floor, retryAfter ?? 0);
  }

  /** HTTP 401 and 403 are worth one retry per outage where the next attempt asks for new credentials. */
  #mayTryFreshCredentials(cause: DisconnectCause): boolean {
    const { status } = cause as ConnectError;
    if ((status !== 401 && status !== 403) || this.#triedFreshCredentials) return false;
    this.#triedFreshCredentials = true;
    return typeof this.#options.url === "function" || this.#plugins.freshCredentials;
  }
}

/** A delay that no clock can keep would retry at once, or never. */
function possible(delay: number, plugin: string, hook: string): number {
  if (typeof delay === "number" && delay >= 0 && delay < Infinity) return delay;
  throw new PluginError(plugin, hook, {
    cause: new RangeError(`${String(delay)} is not a delay in milliseconds`),
  });
}
