import { ConfigurationError, describeValue } from "@stream-tungstenite/core";
import type { Message } from "@stream-tungstenite/core";
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

const defaults: Resolved = {
  format: (channels, type) => JSON.stringify({ type, channels }),
  confirm: false,
  confirmUnsubscribe: true,
  timeout: 10_000,
  batchSize: Infinity,
  interval: 0,
  name: "subscribe",
};

/** @throws ConfigurationError with every fault of channels and options */
export function resolve(channels: readonly string[], options: SubscribeOptions): Resolved {
  const resolved: Record<string, unknown> = { ...defaults };
  const faults: string[] = [];
  for (const [option, value] of Object.entries(options ?? { options })) {
    const types = option === "confirm" ? "boolean function" : typeof resolved[option];
    const isPossible =
      typeof value !== "number" ||
      (option === "batchSize" ? value > 0 && !(value % 1) : value >= 0 && value < Infinity);
    if (types.includes(typeof value) && isPossible && value !== "") resolved[option] = value;
    else if (value !== undefined) faults.push(fault(option, value));
  }
  check(channels, faults);
  return resolved as unknown as Resolved;
}

/** @throws ConfigurationError with every channel that cannot be one, and with the other faults */
export function check(channels: readonly unknown[], faults: string[] = []): void {
  for (const channel of Array.isArray(channels) ? channels : [null]) {
    if (!channel || typeof channel !== "string") faults.push(fault("channel", channel));
  }
  if (faults[0]) throw new ConfigurationError(faults);
}

const fault = (what: string, value: unknown): string =>
  `subscribe: ${what} cannot be ${describeValue(value)}`;
