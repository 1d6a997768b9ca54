import type { Random } from "@stream-tungstenite/retry";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { DisconnectCause } from "./errors.ts";
import type { PluginList } from "./plugin.ts";
import { parseUrl, protocolFaults } from "./provide.ts";
import { systemRandom } from "./random.ts";

export interface AttemptContext {
  /** 0 for a dial asked for by `connect()`, n for the n-th retry of the outage: the same number everywhere. */
  readonly attempt: number;
  /** Aborts with the attempt. */
  readonly signal: AbortSignal;
}

/** A value, or a function asked on every attempt. A rejection is a failed attempt; one whose error has `retryable: false` is fatal. */
export type Provided<T> = T | ((context: AttemptContext) => T | Promise<T>);

/** Durations are milliseconds; 0 switches a timeout off. */
export interface ClientOptions {
  /** `ws:` or `wss:`; `http:` and `https:` are taken for them, a relative URL is resolved where there is a `location`. */
  readonly url: Provided<string | URL>;
  readonly plugins: PluginList;
  /** Subprotocols to offer (RFC 6455 §1.9). @defaultValue none */
  readonly protocols?: Provided<readonly string[]> | undefined;
  /** One deadline for URL function, transport options, DNS, TCP, TLS and opening handshake. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** For each application handshake that states none. @defaultValue 10_000 */
  readonly handshakeTimeout?: number | undefined;
  /** Nothing at all received for so long: `IdleTimeoutError`, retried. @defaultValue 0, off */
  readonly receiveTimeout?: number | undefined;
  /** Connected for so long: the outage is over and the retry count starts again. @defaultValue 5_000 */
  readonly stableAfter?: number | undefined;
  /** For flush and closing handshake together, then the socket is dropped. @defaultValue 5_000 */
  readonly closeTimeout?: number | undefined;
  /** Least delay after a failed application handshake. @defaultValue 0 */
  readonly handshakeRetryDelay?: number | undefined;
  /** Give up if the very first attempt fails. @defaultValue false */
  readonly exitOnFirstFailure?: boolean | undefined;
  /** Whether a loss is worth a retry. @defaultValue `isTransient` */
  readonly shouldReconnect?: ((cause: DisconnectCause) => boolean | Promise<boolean>) | undefined;
  readonly sendQueue?: SendQueueOptions | undefined;
  /** Bytes of the transport's `bufferedAmount` at which messages stay in the send queue. @defaultValue 1_048_576 */
  readonly highWaterMark?: number | undefined;
  /** Messages: unclaimed ones before `connected`, a reader's mark, the backlog of asynchronous hooks. @defaultValue 1_024 */
  readonly receiveBuffer?: number | undefined;
  /** TCP_NODELAY where the transport can. @defaultValue true */
  readonly noDelay?: boolean | undefined;
  /** What a throwing hook does to the connection. @defaultValue "ignore" */
  readonly pluginErrorPolicy?: "ignore" | "disconnect" | undefined;
  /** @defaultValue the platform's */
  readonly clock?: Clock | undefined;
  /** @defaultValue the platform's */
  readonly random?: Random | undefined;
}

export interface SendQueueOptions {
  /** Messages. @defaultValue 1_024 */
  readonly capacity?: number | undefined;
  /** Bytes. @defaultValue 16_777_216 */
  readonly maxBytes?: number | undefined;
  /** What `send` does with a full queue. @defaultValue "reject" */
  readonly overflow?: "reject" | "drop-oldest" | "drop-newest" | undefined;
  /** Whether messages wait for the connection, in `idle` too. @defaultValue "hold" */
  readonly whileDisconnected?: "hold" | "reject" | undefined;
  /** Milliseconds after which a queued message expires. @defaultValue none */
  readonly maxAge?: number | undefined;
}

/** The send queue's options, complete. */
export interface ResolvedSendQueue {
  readonly capacity: number;
  readonly maxBytes: number;
  readonly overflow: "reject" | "drop-oldest" | "drop-newest";
  readonly whileDisconnected: "hold" | "reject";
  readonly maxAge: number | undefined;
}
/** Options that were found good, with every default filled in. */
export interface Resolved {
  readonly url: ClientOptions["url"];
  readonly protocols: Provided<readonly string[]>;
  /** Where to dial, unless it has to be asked each time. */
  readonly target: { readonly url: string; readonly protocols: readonly string[] } | null;
  readonly connectTimeout: number;
  readonly handshakeTimeout: number;
  readonly receiveTimeout: number;
  readonly stableAfter: number;
  readonly closeTimeout: number;
  readonly handshakeRetryDelay: number;
  readonly exitOnFirstFailure: boolean;
  readonly shouldReconnect: ClientOptions["shouldReconnect"];
  readonly sendQueue: ResolvedSendQueue;
  readonly highWaterMark: number;
  readonly receiveBuffer: number;
  readonly noDelay: boolean;
  readonly pluginErrorPolicy: "ignore" | "disconnect";
  readonly clock: Clock;
  readonly random: Random;
}

/** Notes what is wrong with an option. */
type Note = (option: string, wanted: string, value: unknown) => void;

const durations = {
  connectTimeout: 10_000,
  handshakeTimeout: 10_000,
  receiveTimeout: 0,
  stableAfter: 5_000,
  closeTimeout: 5_000,
  handshakeRetryDelay: 0,
};
const sizes = { highWaterMark: 2 ** 20, receiveBuffer: 1024 };
const flags = { exitOnFirstFailure: false, noDelay: true };
const queueSizes = { capacity: 1024, maxBytes: 2 ** 24 };
const overflows = ["reject", "drop-oldest", "drop-newest"] as const;
const whiles = ["hold", "reject"] as const;
const policies = ["ignore", "disconnect"] as const;
const others = "url plugins protocols shouldReconnect sendQueue pluginErrorPolicy clock random";

/** Checks every option and fills in the defaults; what is wrong goes to `faults`. */
export function resolveOptions(options: ClientOptions, faults: string[]): Resolved {
  const note: Note = (option, wanted, value) => {
    faults.push(`${option}: ${wanted} is needed, not ${describe(value)}`);
  };
  const {
    url,
    protocols = [],
    sendQueue = {},
    shouldReconnect,
    clock = systemClock,
    random = systemRandom,
  } = options;
  let href = "";
  if (typeof url !== "function") {
    try {
      href = parseUrl(url);
    } catch (error) {
      faults.push(`url: ${(error as Error).message}`);
    }
  }
  if (typeof protocols !== "function") faults.push(...protocolFaults(protocols));
  const functions = {
    shouldReconnect,
    random,
    "clock.now": clock?.now,
    "clock.schedule": clock?.schedule,
  };
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== "function" && (name !== "shouldReconnect" || value !== undefined)) {
      note(name, "a function", value);
    }
  }
  const queue: SendQueueOptions = typeof sendQueue === "object" && sendQueue ? sendQueue : {};
  if (queue !== sendQueue) note("sendQueue", "an object", sendQueue);
  if (queue.maxAge !== undefined) checkDuration("sendQueue.maxAge", queue.maxAge, note);
  const resolved: Resolved = {
    url,
    protocols,
    target:
      typeof url === "function" || typeof protocols === "function"
        ? null
        : { url: href, protocols },
    ...fill(options, durations, "", checkDuration, note),
    ...fill(options, sizes, "", checkSize, note),
    ...fill(options, flags, "", checkFlag, note),
    pluginErrorPolicy: oneOf("pluginErrorPolicy", options.pluginErrorPolicy, policies, note),
    shouldReconnect,
    clock,
    random,
    sendQueue: {
      ...fill(queue, queueSizes, "sendQueue.", checkSize, note),
      overflow: oneOf("sendQueue.overflow", queue.overflow, overflows, note),
      whileDisconnected: oneOf(
        "sendQueue.whileDisconnected",
        queue.whileDisconnected,
        whiles,
        note,
      ),
      maxAge: queue.maxAge,
    },
  };
  checkNames(options, [...Object.keys(resolved), ...others.split(" ")], "", faults);
  checkNames(queue, Object.keys(resolved.sendQueue), "sendQueue.", faults);
  return resolved;
}

type Check = (option: string, value: unknown, note: Note) => void;

/** Notes what is no duration: a finite number of milliseconds. */
export const checkDuration: Check = (option, value, note) => {
  if (!(typeof value === "number" && value >= 0 && value < Infinity)) {
    note(option, "a number of milliseconds, 0 or more,", value);
  }
};
const checkSize: Check = (option, value, note) => {
  if (!(typeof value === "number" && value >= 1)) note(option, "a number, 1 or more,", value);
};
const checkFlag: Check = (option, value, note) => {
  if (typeof value !== "boolean") note(option, "true or false", value);
};

/** The options that `defaults` names, checked. */
function fill<D extends object>(
  options: { readonly [K in keyof D]?: D[K] | undefined },
  defaults: D,
  prefix: string,
  check: Check,
  note: Note,
): D {
  const filled = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof D & string)[]) {
    const value = options[name];
    if (value === undefined) continue;
    check(prefix + name, value, note);
    filled[name] = value;
  }
  return filled;
}

/** One of the choices; the first is the default. */
function oneOf<T extends string>(
  option: string,
  value: T | undefined,
  choices: readonly T[],
  note: Note,
): T {
  if (value === undefined) return choices[0]!;
  if (!choices.includes(value))
    note(option, choices.map((choice) => `'${choice}'`).join(" or "), value);
  return value;
}

function checkNames(
  options: object,
  known: readonly string[],
  prefix: string,
  faults: string[],
): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) faults.push(`${prefix}${name}: there is no such option`);
  }
}

function describe(value: unknown): string {
  return typeof value === "string"
    ? `'${value}'`
    : value === null || typeof value !== "object"
      ? String(value)
      : "an object";
}
