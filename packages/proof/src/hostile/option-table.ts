import { createClient, chain, sendMessage, WebSocketClient } from "@stream-tungstenite/core";
import type { ClientOptions, PluginContext, Transport } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fixedDelay, schedule } from "@stream-tungstenite/retry";
import {
  browserTransport,
  environment,
  webSocketStreamTransport,
} from "@stream-tungstenite/transport-browser";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { isIP } from "node:net";
import { client } from "./idle-client.ts";
import {
  callable,
  either,
  flag,
  integer,
  known,
  milliseconds,
  name,
  number,
  oneOf,
  passedOn,
  positiveMilliseconds,
  size,
  string,
  type Kind,
} from "./option-kinds.ts";

/** An object of options: what takes it, and what each member may be. */
export interface Owner {
  /** The source file and the interface declared there. */
  readonly file: string;
  readonly type: string;
  /** What it is called in a test's name. */
  readonly call: string;
  readonly make: (options: never) => unknown;
  /** Every member, as declared. */
  readonly options: Readonly<Record<string, Kind>>;
  /** Members that have to be there. */
  readonly required?: readonly string[];
  /**
   * Members that there are not are none of its business. So it is with waits, and in `retry`, where one
   * kilobyte is all that there is. @defaultValue false
   */
  readonly takesOthers?: boolean;
  /** Numbers, texts and the like count as an object without members, as JavaScript has it. @defaultValue false */
  readonly takesPrimitives?: boolean;
  /** Options that are right beside these others, though alone they are not. */
  readonly rightBeside?: (given: Readonly<Record<string, unknown>>) => readonly string[];
  /** Members that are read only if all are of the right kind. @defaultValue none */
  readonly readLast?: readonly string[];
}

const transport: Transport = { name: "none", connect: () => ({}) as never };
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isBytes = (value: unknown): boolean => value instanceof Uint8Array;
const within = async (make: (context: PluginContext) => unknown): Promise<unknown> => {
  let answer: unknown;
  const mine = client({
    name: "inside",
    setup: (context) => {
      answer = make(context);
    },
  });
  await mine.connect();
  return answer;
};

const waiting: Readonly<Record<string, Kind>> = {
  // Infinity is no limit.
  timeout: number(0, Infinity),
  signal: known(undefined, (value) => value instanceof AbortSignal),
};

/** A list of tokens (RFC 9110 §5.6.2), none twice. */
function isSubprotocols(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const isToken = (each: unknown): boolean =>
    typeof each === "string" && /^[!#$%&'*+\-.^_`|~\w]+$/.test(each);
  return value.every(isToken) && new Set(value).size === value.length;
}

const clientOptions: Readonly<Record<keyof ClientOptions, Kind>> = {
  url: either(
    known("ws://a.test/", (value) => {
      try {
        return /^(ws|http)s?:$/.test(new URL(String(value)).protocol);
      } catch {
        return false;
      }
    }),
    callable,
  ),
  plugins: known([transport], () => false),
  protocols: either(known([], isSubprotocols), callable),
  connectTimeout: milliseconds,
  handshakeTimeout: milliseconds,
  receiveTimeout: milliseconds,
  stableAfter: milliseconds,
  closeTimeout: milliseconds,
  handshakeRetryDelay: milliseconds,
  exitOnFirstFailure: flag,
  shouldReconnect: callable,
  sendQueue: known({}, (value) => isObject(value) && Object.keys(value as object).length === 0),
  highWaterMark: size,
  receiveBuffer: size,
  noDelay: flag,
  pluginErrorPolicy: oneOf("ignore", "disconnect"),
  clock: known({ now: () => 0, schedule: () => () => {} }, () => false),
  random: callable,
};

const core = "packages/core/src/";

/** Everything that takes an object of options. */
export const owners: readonly Owner[] = [
  {
    file: `${core}options.ts`,
    type: "ClientOptions",
    call: "createClient",
    make: createClient,
    options: clientOptions,
    required: ["url", "plugins"],
  },
  {
    file: `${core}options.ts`,
    type: "ClientOptions",
    call: "WebSocketClient.builder().config().build",
    make: ({ url, plugins, ...options }: ClientOptions) =>
      WebSocketClient.builder(url)
        .use(...(plugins as readonly [Transport]))
        .config(options)
        .build(),
    options: { ...clientOptions, plugins: passedOn([transport]) },
    // What `config` is given is added to what it was given before.
    takesPrimitives: true,
    required: ["url", "plugins"],
  },
  {
    file: `${core}options.ts`,
    type: "SendQueueOptions",
    call: "createClient({ sendQueue })",
    make: (sendQueue) => createClient({ url: "ws://a.test/", plugins: [transport], sendQueue }),
    options: {
      capacity: size,
      maxBytes: size,
      overflow: oneOf("reject", "drop-oldest", "drop-newest"),
      whileDisconnected: oneOf("hold", "reject"),
      maxAge: milliseconds,
    },
  },
  {
    file: `${core}client.ts`,
    type: "MessagesOptions",
    call: "client.messages",
    make: (options) => client().messages(options),
    options: {
      signal: waiting["signal"]!,
      highWaterMark: size,
      overflow: oneOf("pause", "drop-oldest", "drop-newest", "error"),
    },
  },
  ...(["close", "disconnect"] as const).map((verb) => ({
    file: `${core}client.ts`,
    type: "CloseOptions",
    call: `client.${verb}`,
    make: (options: never) => client()[verb](options),
    options: {
      code: known(1000, (code) => code === 1000 || integer(3000, 4999).fits(code)),
      reason: known("", (value) => typeof value === "string" && Buffer.byteLength(value) <= 123),
      timeout: milliseconds,
    },
  })),
  ...(["ready", "flush", "once", "sendAsync", "ping"] as const).map((verb) => ({
    file: `${core}client.ts`,
    type: "Waiting",
    call: `client.${verb}`,
    make: (options: never) => {
      const mine = client();
      if (verb === "once") return mine.once("connected", options);
      if (verb === "sendAsync") return mine.sendAsync("x", options);
      if (verb === "ping") return mine.connect().then(() => mine.ping(undefined, options));
      return mine[verb](options);
    },
    options: waiting,
    takesOthers: true,
  })),
  {
    file: `${core}plugin.ts`,
    type: "ExchangeOptions",
    call: "context.exchange",
    make: (options) => within((context) => context.exchange(async () => {}, options)),
    // What is no signal has its own error, as with the platform's functions; null is absent.
    options: {
      timeout: either(number(0, Infinity), oneOf(null)),
      signal: passedOn(undefined),
      hold: passedOn(true),
    },
    takesOthers: true,
    takesPrimitives: true,
  },
  {
    file: `${core}chain.ts`,
    type: "ChainOptions",
    call: "chain",
    make: (options) => chain([{ name: "part", handshake: async () => {} }], options),
    options: { name, timeout: milliseconds },
  },
  {
    file: `${core}send-message.ts`,
    type: "SendMessageOptions",
    call: "sendMessage",
    make: (options) => sendMessage("x", options),
    options: { reply: either(flag, callable), timeout: milliseconds, name },
  },
  {
    file: "packages/retry/src/exponential-backoff.ts",
    type: "ExponentialBackoffOptions",
    call: "exponentialBackoff",
    make: exponentialBackoff,
    options: {
      // At most `max`, which is another story.
      initial: known(0, milliseconds.fits),
      max: milliseconds,
      factor: number(1),
      jitter: either(oneOf("full", "equal", "decorrelated", "none"), number(0, 1)),
      maxAttempts: integer(0, Infinity),
      name: passedOn("named"),
    },
    required: ["initial"],
    takesOthers: true,
    takesPrimitives: true,
  },
  {
    file: "packages/retry/src/fixed-delay.ts",
    type: "FixedDelayOptions",
    call: "fixedDelay",
    make: (options) => fixedDelay(5, options),
    options: { maxAttempts: integer(0, Infinity), jitter: number(0, 1), name: passedOn("named") },
    takesOthers: true,
    takesPrimitives: true,
  },
  {
    file: "packages/retry/src/schedule.ts",
    type: "ScheduleOptions",
    call: "schedule",
    make: (options) => schedule([5], options),
    options: { repeatLast: passedOn(true) },
    takesOthers: true,
    takesPrimitives: true,
  },
  {
    file: "packages/transport-node/src/options.ts",
    type: "NodeTransportOptions",
    call: "nodeTransport",
    make: nodeTransport,
    options: {
      headers: known({ "x-a": "b" }, (value) => isObject(value) || callable.fits(value)),
      tls: known({}, (value) => isObject(value) || callable.fits(value)),
      proxy: known(
        "environment",
        (value) => string.fits(value) || isObject(value) || callable.fits(value),
      ),
      agent: known(undefined, isObject),
      perMessageDeflate: either(flag, known({}, isObject)),
      maxPayload: integer(1, 536_870_888),
      keepAlive: either(oneOf(false), integer(0, 2 ** 31 - 1)),
      localAddress: known("127.0.0.1", (value) => string.fits(value) && isIP(value as string) > 0),
      family: oneOf(0, 4, 6),
      lookup: callable,
      followRedirects: flag,
      ws: known({}, isObject),
      name: string,
    },
  },
  {
    file: "packages/transport-node/src/options.ts",
    type: "TlsOptions",
    call: "nodeTransport({ tls })",
    make: (tls) => nodeTransport({ tls }),
    readLast: ["ca", "cert", "key", "pfx"],
    options: {
      roots: oneOf("bundled", "system", "both"),
      ca: known(undefined, (value) => Array.isArray(value) && value.length === 0),
      // Nothing is none.
      cert: known(undefined, (value) => value === ""),
      key: known(undefined, (value) => value === ""),
      pfx: known(undefined, () => false),
      passphrase: string,
      minVersion: oneOf("TLSv1.2", "TLSv1.3"),
      servername: string,
      checkServerIdentity: callable,
      dangerAcceptInvalidCerts: flag,
    },
  },
  {
    file: "packages/transport-browser/src/options.ts",
    type: "BrowserTransportOptions",
    call: "browserTransport",
    make: browserTransport,
    options: {
      WebSocket: known(class Socket extends EventTarget {}, callable.fits),
      headers: known(undefined, (value) => isObject(value) || callable.fits(value)),
      name: string,
    },
    // Node 20 has none.
    required: ["WebSocket"],
  },
  {
    file: "packages/transport-browser/src/options.ts",
    type: "WebSocketStreamTransportOptions",
    call: "webSocketStreamTransport",
    make: webSocketStreamTransport,
    options: { fallback: known(transport, (value) => value === transport), name: string },
    required: ["fallback"],
  },
  {
    file: "packages/transport-browser/src/environment-options.ts",
    type: "EnvironmentOptions",
    call: "environment",
    make: environment,
    options: {
      events: known(new EventTarget(), () => false),
      isOnline: callable,
      offlineInterval: milliseconds,
      name: string,
    },
  },
  {
    file: "packages/handshake-auth/src/options.ts",
    type: "AuthOptions",
    call: "auth",
    make: (options) => auth("token", options),
    options: {
      format: known(
        "plain",
        (value) =>
          callable.fits(value) ||
          (string.fits(value) && (value as string).split("{}").length === 2),
      ),
      reply: known(true, (value) => value === true),
      closeCodes: known([4401], (value) => Array.isArray(value) && value.length === 0),
      timeout: milliseconds,
      name,
    },
  },
  {
    file: "packages/handshake-auth/src/options.ts",
    type: "AuthReply",
    call: "auth({ reply })",
    make: (reply) => auth("token", { reply }),
    // `true` is a reply.
    takesPrimitives: true,
    options: { accept: callable, reject: callable },
    required: ["accept"],
    takesOthers: true,
  },
  {
    file: "packages/handshake-subscribe/src/options.ts",
    type: "SubscribeOptions",
    call: "subscribe",
    make: (options) => subscribe(["channel"], options),
    options: {
      format: callable,
      confirm: either(flag, callable),
      confirmUnsubscribe: flag,
      timeout: milliseconds,
      batchSize: integer(1, Infinity),
      interval: milliseconds,
      name,
    },
  },
  {
    file: "packages/ext-heartbeat/src/options.ts",
    type: "HeartbeatOptions",
    call: "heartbeat",
    make: heartbeat,
    options: {
      interval: positiveMilliseconds,
      timeout: positiveMilliseconds,
      message: known(
        "ping",
        (value) => string.fits(value) || callable.fits(value) || isBytes(value),
      ),
      // Without a message there is nothing to recognise.
      isReply: known(undefined, () => false),
      name,
    },
    rightBeside: ({ message, isReply }) =>
      message !== undefined && typeof isReply === "function" ? ["isReply"] : [],
  },
  {
    file: "packages/ext-logging/src/options.ts",
    type: "LoggingOptions",
    call: "logging",
    make: logging,
    options: {
      level: oneOf("error", "warn", "info", "debug", "trace"),
      messages: flag,
      prefix: string,
      maxLength: number(0, Infinity),
      logger: known({ info: () => {} }, () => false),
      redact: either(flag, callable),
      name,
    },
  },
  {
    file: "packages/ext-status/src/status.ts",
    type: "StatusOptions",
    call: "status",
    make: status,
    options: {
      history: known(5, (value) => Number.isInteger(value) && (value as number) >= 0),
      name,
    },
  },
];
