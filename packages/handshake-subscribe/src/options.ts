import {
  callableOption,
  checkOptions,
  describeValue,
  durationOption,
  eitherOption,
  flagOption,
  labelOption,
  optionRule,
} from "@stream-tungstenite/core";
import type { Message, OptionRules } from "@stream-tungstenite/core";
import type { Action, Confirm } from "./confirm.ts";

/** Options of {@link subscribe}. */
export interface SubscribeOptions {
  /**
   * Makes a request of some channels: one message, or several that are sent together.
   *
   * @defaultValue `{"type":"subscribe","channels":[…]}` and `{"type":"unsubscribe","channels":[…]}`
   */
  readonly format?:
    | ((channels: readonly string[], action: Action) => Message | readonly Message[])
    | undefined;
  /**
   * Whether to wait for the server's confirmation. `true` expects `{"type":"subscribed","channels":[…]}`,
   * which without `channels` confirms the request, or `{"type":"error","channel":…,"reason":…}`; to an
   * unsubscribe `{"type":"unsubscribed",…}`. A function judges each message itself and answers nothing for
   * those that are none of its business.
   *
   * @defaultValue false
   */
  readonly confirm?: boolean | Confirm | undefined;
  /** Whether the server answers unsubscribes too; plays a part with `confirm` only. @defaultValue true */
  readonly confirmUnsubscribe?: boolean | undefined;
  /** Milliseconds for the answers to one request; 0 is no limit. @defaultValue 10_000 */
  readonly timeout?: number | undefined;
  /** Channels of one request. @defaultValue Infinity */
  readonly batchSize?: number | undefined;
  /** Least time between two requests on a connection, in milliseconds. @defaultValue 0 */
  readonly interval?: number | undefined;
  /** @defaultValue "subscribe" */
  readonly name?: string | undefined;
}

/** Options that were found good, with every default filled in. */
export type Resolved = {
  readonly [K in keyof SubscribeOptions]-?: NonNullable<SubscribeOptions[K]>;
};

const rules: OptionRules<Resolved> = {
  format: callableOption((channels, type) => JSON.stringify({ type, channels })),
  confirm: eitherOption<boolean | Confirm>(flagOption(false), callableOption(undefined)),
  confirmUnsubscribe: flagOption(true),
  timeout: durationOption(10_000),
  batchSize: optionRule(
    Infinity,
    "an integer, 1 or more,",
    (size) => typeof size === "number" && size > 0 && !(size % 1),
  ),
  interval: durationOption(0),
  name: labelOption("subscribe"),
};

/**
 * The options with their defaults, when the channels are good, too.
 *
 * @throws ConfigurationError with every channel that cannot be one and every fault of the options
 */
export function check(channels: readonly string[], options: SubscribeOptions = {}): Resolved {
  const faults = Array.isArray(channels)
    ? [...(channels as readonly unknown[])]
        .filter((channel) => !rules.name.fits(channel))
        .map((channel) => `subscribe: channel cannot be ${describeValue(channel)}`)
    : ["subscribe: channels must be a list"];
  return checkOptions(rules, options, "subscribe", faults);
}
