import {
  callableOption,
  checkOptions,
  choiceOption,
  eitherOption,
  flagOption,
  labelOption,
  optionRule,
} from "@stream-tungstenite/core";

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

/** Options that were found good, with every default filled in. */
export type Settings = { readonly [K in keyof LoggingOptions]-?: NonNullable<LoggingOptions[K]> };

/**
 * The options with their defaults; `messages` is one of these.
 *
 * @throws ConfigurationError that lists every fault
 */
export function settingsOf(options: LoggingOptions, messages: boolean): Settings {
  const settings = checkOptions<Settings>(
    {
      name: labelOption("logging"),
      level: choiceOption(...levels),
      messages: flagOption(messages),
      prefix: optionRule("ws", "a text", (prefix) => typeof prefix === "string"),
      maxLength: optionRule(
        200,
        "a number, 0 or more,",
        (length) => typeof length === "number" && length >= 0,
      ),
      logger: optionRule<LoggerLike>(console, "an object with a method for a level", (logger) =>
        levels.some((level) => typeof (logger as LoggerLike | null)?.[level] === "function"),
      ),
      redact: eitherOption<Settings["redact"]>(flagOption(true), callableOption(undefined)),
    },
    options,
    "logging",
  );
  // The quietest is no default, and which one is depends on `messages`.
  return options.level ? settings : { ...settings, level: settings.messages ? "debug" : "info" };
}
