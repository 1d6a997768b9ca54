import { ConfigurationError, describeValue } from "@stream-tungstenite/core";

/** From the quietest to the noisiest. */
export const levels: readonly ["error", "warn", "info", "debug", "trace"] = [
  "error",
  "warn",
  "info",
  "debug",
  "trace",
];

/** How much is logged: a level includes those before it in `error`, `warn`, `info`, `debug`, `trace`. */
export type LogLevel = (typeof levels)[number];

/**
 * Whoever has some of these methods; they are called with one string. A level without a method goes to the
 * next quieter one that there is.
 */
export type LoggerLike = {
  readonly [level in LogLevel]?: ((...values: never[]) => void) | undefined;
};

/** Options of {@link logging}. */
export interface LoggingOptions {
  /** The noisiest level that is logged. @defaultValue "info", with `messages` "debug" */
  readonly level?: LogLevel | undefined;
  /** Log messages in both directions, at level `debug`: a `level` quieter than that leaves them out. @defaultValue false */
  readonly messages?: boolean | undefined;
  /** Stands in brackets before each line; `""` for none. @defaultValue "ws" */
  readonly prefix?: string | undefined;
  /** Characters (UTF-16 code units) of a message that are shown; the length of a longer one is told. @defaultValue 200 */
  readonly maxLength?: number | undefined;
  /** Console, pino and winston loggers fit as they are. @defaultValue `console` */
  readonly logger?: LoggerLike | undefined;
  /**
   * Take secrets out: values that are called a token, password, authorization or the like, and the whole of
   * what application handshakes send and what arrives before the client is connected. `false` shows
   * everything; a function does it its own way and is given each text whole, handshakes stay hidden.
   *
   * @defaultValue true
   */
  readonly redact?: boolean | ((text: string) => string) | undefined;
  /** For errors. @defaultValue "logging" */
  readonly name?: string | undefined;
}

/** Options with every default filled in. */
export interface Settings {
  readonly level: LogLevel;
  readonly prefix: string;
  readonly maxLength: number;
  readonly logger: LoggerLike;
  readonly redact: boolean | ((text: string) => string);
}

const rules: {
  readonly [K in keyof LoggingOptions]?: (value: NonNullable<LoggingOptions[K]>) => unknown;
} & { readonly __proto__: null } = {
  // What objects inherit is no option.
  __proto__: null,
  name: (name) => typeof name === "string" && name,
  level: (level) => levels.includes(level),
  messages: (messages) => typeof messages === "boolean",
  prefix: (prefix) => typeof prefix === "string",
  maxLength: (length) => typeof length === "number" && length >= 0,
  logger: (logger) => levels.some((level) => typeof logger?.[level] === "function"),
  redact: (redact) => /^bo|^f/.test(typeof redact),
};

/** @throws ConfigurationError that lists every fault, also every option that there is not */
export function check(settings: object): void {
  const faults = Object.entries(settings)
    .filter(([option, value]) => !rules[option as keyof LoggingOptions]?.(value as never))
    .map(([option, value]) => `${option} cannot be ${describeValue(value)}`);
  if (faults[0]) throw new ConfigurationError(faults);
}
