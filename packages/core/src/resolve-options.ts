import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { Target } from "./dial.ts";
import type { ClientOptions, Resolved, ResolvedSendQueue } from "./options.ts";
import { parseUrl, protocolFaults } from "./provide.ts";
import { systemRandom } from "./random.ts";
import { anything, callable, choice, complete, duration, flag, rule, size } from "./rules.ts";
import type { Rules } from "./rules.ts";

const sendQueueRules: Rules<ResolvedSendQueue> = {
  capacity: size(1024),
  maxBytes: size(2 ** 24),
  overflow: choice("reject", "drop-oldest", "drop-newest"),
  whileDisconnected: choice("hold", "reject"),
  maxAge: duration(undefined),
};

const rules: Rules<
  Omit<Resolved, "target" | "sendQueue"> & Pick<ClientOptions, "plugins" | "sendQueue">
> = {
  url: anything(""),
  plugins: anything([]),
  protocols: anything([]),
  connectTimeout: duration(10_000),
  handshakeTimeout: duration(10_000),
  receiveTimeout: duration(0),
  stableAfter: duration(5_000),
  closeTimeout: duration(5_000),
  handshakeRetryDelay: duration(0),
  exitOnFirstFailure: flag(false),
  shouldReconnect: callable(undefined),
  sendQueue: anything({}),
  highWaterMark: size(2 ** 20),
  receiveBuffer: size(1024),
  noDelay: flag(true),
  pluginErrorPolicy: choice("ignore", "disconnect"),
  clock: rule(systemClock, "an object with the functions now and schedule", isClock),
  random: callable(systemRandom),
};

function isClock(value: unknown): boolean {
  const { now, schedule } = (value ?? {}) as { readonly [K in keyof Clock]?: unknown };
  return typeof now === "function" && typeof schedule === "function";
}

/** Checks every option and fills in the defaults; what is wrong goes to `faults`. */
export function resolveOptions(given: ClientOptions, faults: string[]): Resolved {
  const { plugins: _, ...options } = complete(rules, given, faults);
  const { url, protocols } = options;
  let href = "";
  if (typeof url !== "function") {
    try {
      href = parseUrl(url);
    } catch (error) {
      faults.push(`url: ${(error as Error).message}`);
    }
  }
  const isAsked = typeof protocols === "function";
  if (!isAsked) faults.push(...protocolFaults(protocols));
  const sendQueue = complete(sendQueueRules, options.sendQueue as object, faults, "sendQueue");
  let target: Target | null = null;
  if (href && !isAsked && faults.length === 0) {
    target = {
      // What the application holds anyway is not held twice; a list of its own it may change.
      url: href === url ? url : href,
      protocols: protocols === defaults.protocols ? protocols : [...protocols],
    };
  }
  return over(defaults, {
    ...options,
    sendQueue: over(defaults.sendQueue, sendQueue),
    target,
  });
}

/** What all clients share whose applications have no wishes of their own. */
const defaults: Resolved = {
  ...complete(rules, {}, []),
  sendQueue: complete(sendQueueRules, {}, []),
  target: null,
};

/** The options that are no defaults, with these behind them: a copy of all would cost every client 300 bytes. */
function over<T extends object>(defaults: T, options: T): T {
  let own = defaults;
  for (const name in options) {
    if (options[name] === defaults[name]) continue;
    if (own === defaults) own = Object.create(defaults) as T;
    own[name] = options[name];
  }
  return own;
}
