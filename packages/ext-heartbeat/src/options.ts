import { checkOptions, labelOption, optionRule } from "@stream-tungstenite/core";
import type { Message, OptionRule } from "@stream-tungstenite/core";

/** Options of {@link heartbeat}. Durations are milliseconds. */
export interface HeartbeatOptions {
  /**
   * Milliseconds without a received frame after which the server is asked for a sign of life, 1 or more.
   * Behind an answer the question comes exactly then; while other frames come, they are looked at four times
   * in that span, and it comes at most a quarter later.
   *
   * @defaultValue 15_000 ms
   */
  readonly interval?: number | undefined;
  /**
   * Milliseconds from the question to the first frame, of whatever kind, 1 or more. Without one the
   * connection is lost.
   *
   * @defaultValue 10_000 ms
   */
  readonly timeout?: number | undefined;
  /**
   * What is sent where the transport has no protocol pings (browsers). A function is asked every time.
   *
   * @defaultValue none: over such a transport the heartbeat says so once and does nothing
   */
  readonly message?: Message | (() => Message) | undefined;
  /**
   * Recognises the answer to `message`, which then does not reach the application and is measured.
   *
   * @defaultValue none: any frame is a sign of life, the answer goes to the application, `rtt` stays null
   */
  readonly isReply?: ((message: Message) => boolean) | undefined;
  /**
   * For errors and logs.
   *
   * @defaultValue "heartbeat"
   */
  readonly name?: string | undefined;
}

/** Options that were found good, with every default filled in. */
export interface Settings {
  readonly name: string;
  readonly interval: number;
  readonly timeout: number;
  readonly message: Message | (() => Message) | undefined;
  readonly isReply: ((message: Message) => boolean) | undefined;
}

/** @throws ConfigurationError that lists every fault */
export function settingsOf(options: HeartbeatOptions): Settings {
  return checkOptions<Settings>(
    {
      name: labelOption("heartbeat"),
      interval: span(15_000),
      timeout: span(10_000),
      message: optionRule<Settings["message"]>(
        undefined,
        "a text, a Uint8Array or a function",
        (message) => "string function".includes(typeof message) || message instanceof Uint8Array,
      ),
      isReply: optionRule<Settings["isReply"]>(undefined, "a function", (isReply) =>
        options.message === undefined
          ? "without `message` there is no reply"
          : typeof isReply === "function",
      ),
    },
    options,
    "heartbeat",
  );
}

const span = (fallback: number): OptionRule<number> =>
  optionRule(
    fallback,
    "a number of milliseconds, 1 or more,",
    (value) => typeof value === "number" && value >= 1 && value < Infinity,
  );
