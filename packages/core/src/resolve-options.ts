import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { ClientOptions, Resolved, ResolvedSendQueue } from "./options.ts";
import { parseUrl, protocolFaults } from "./provide.ts";
import { systemRandom } from "./random.ts";
import { anything, callable, choice, complete, duration, flag, rule, size } from "./rules.ts";
import type { Rules } from "./rules.ts";

const sendQueueRules: Rules<ResolvedSendQueue> = {
  capacity: /* @__PURE__ */ size(1024),
  maxBytes: /* @__PURE__ */ size(16_777_216),
  overflow: /* @__PURE__ */ choice("reject", "drop-oldest", "drop-newest"),
  whileDisconnected: /* @__PURE__ */ choice("hold", "reject"),
  maxAge: /* @__PURE__ */ duration(undefined),
};

const rules: Rules<
  Omit<Resolved, "target" | "sendQueue"> & Pick<ClientOptions, "plugins" | "sendQueue">
> = {
  url: /* @__PURE__ */ anything(""),
  plugins: /* @__PURE__ */ anything([]),
  // One list for all clients whose applications have none; transports are given it.
  protocols: /* @__PURE__ */ anything(/* @__PURE__ */ Object.freeze([])),
  connectTimeout: /* @__PURE__ */ duration(10_000),
  handshakeTimeout: /* @__PURE__ */ duration(10_000),
  receiveTimeout: /* @__PURE__ */ duration(0),
  stableAfter: /* @__PURE__ */ duration(5_000),
  closeTimeout: /* @__PURE__ */ duration(5_000),
  handshakeRetryDelay: /* @__PURE__ */ duration(0),
  exitOnFirstFailure: /* @__PURE__ */ flag(false),
  shouldReconnect: /* @__PURE__ */ callable(undefined),
  sendQueue: /* @__PURE__ */ anything({}),
  highWaterMark: /* @__PURE__ */ size(1_048_576),
  receiveBuffer: /* @__PURE__ */ size(1024),
  noDelay: /* @__PURE__ */ flag(true),
  pluginErrorPolicy: /* @__PURE__ */ choice("ignore", "disconnect"),
  clock: /* @__PURE__ */ rule(
    systemClock,
    "an object with the functions now and schedule",
    isClock,
  ),
  random: /* @__PURE__ */ callable(systemRandom),
};

function isClock(value: unknown): boolean {
  const { now, schedule } = (value ?? {}) as { readonly [K in keyof Clock]?: unknown };
  return typeof now === "function" && typeof schedule === "function";
}

type Filled = { -readonly [K in keyof Resolved]: Resolved[K] } & { plugins?: unknown };

/** Checks every option and fills in the defaults; what is wrong goes to `faults`. */
export function resolveOptions(given: ClientOptions, faults: string[]): Resolved {
  const options = complete(rules, given, faults) as Filled;
  const { url, protocols } = options;
  options.plugins = defaults.plugins;
  let href = "";
  if (typeof url !== "function") {
    try {
      href = parseUrl(url);
    } catch (error) {
      faults.push(`url: ${(error as Error).message}`);
    }
  }
  const sendQueue = complete(sendQueueRules, options.sendQueue as object, faults, "sendQueue");
  options.sendQueue = over(defaults.sendQueue, sendQueue);
  if (typeof protocols !== "function") {
    faults.push(...protocolFaults(protocols));
    if (faults.length === 0) {
      // What the application holds anyway is not held twice; a list of its own it may change.
      if (href) options.target = href === url ? url : href;
      if (protocols !== defaults.protocols) options.protocols = [...protocols];
    }
  }
  return over(defaults, options);
}

/** What all clients share whose applications have no wishes of their own. */
const defaults: Filled = /* @__PURE__ */ Object.assign(/* @__PURE__ */ complete(rules, {}, []), {
  sendQueue: /* @__PURE__ */ complete(sendQueueRules, {}, []),
  target: null,
});

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
