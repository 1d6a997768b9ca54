import {
  callableOption,
  checkOptions,
  describeValue,
  durationOption,
  labelOption,
  optionRule,
  type OptionRules,
} from "@stream-tungstenite/core";
import { platform } from "./platform.ts";

/** What an event may say, beside its name. */
export interface EnvironmentEvent {
  readonly type: string;
  /** Of `pagehide` and `pageshow`: the page goes into, or comes out of, the back/forward cache. */
  readonly persisted?: boolean;
  /** Of `visibilitychange`: whose `visibilityState` to look at. */
  readonly target?: unknown;
}

/**
 * Where events come from: any `EventTarget` is one. Both methods are needed: without the second nothing
 * would end the listening.
 */
export interface EnvironmentEvents {
  addEventListener(
    type: string,
    listener: (event: EnvironmentEvent) => void,
    options: { readonly capture: boolean },
  ): void;
  removeEventListener(
    type: string,
    listener: (event: EnvironmentEvent) => void,
    options: { readonly capture: boolean },
  ): void;
}

/** Options of `environment`. */
export interface EnvironmentOptions {
  /**
   * Tells `online`, `offline`, `visibilitychange`, `resume`, `pagehide` and `pageshow`; whichever of them
   * there are. @defaultValue the global object, where it can tell events
   */
  readonly events?: EnvironmentEvents | undefined;
  /** Whether there seems to be a network. Only `false` means that there is none. @defaultValue `navigator.onLine` */
  readonly isOnline?: (() => boolean | null | undefined) | undefined;
  /**
   * Milliseconds between two attempts while there seems to be no network, on average: each takes between
   * half and one and a half of it, so that clients of one network do not try together. @defaultValue 30_000
   */
  readonly offlineInterval?: number | undefined;
  /** For errors and logs. @defaultValue "environment" */
  readonly name?: string | undefined;
}

/** The options found good. The source of events is looked for at setup. */
export interface EnvironmentSettings {
  readonly events: EnvironmentEvents | undefined;
  readonly isOnline: () => boolean | null | undefined;
  readonly offlineInterval: number;
  readonly name: string;
}

/** @throws ConfigurationError listing every fault */
export function environmentSettings(options: EnvironmentOptions): EnvironmentSettings {
  return checkOptions(rules, options);
}

/** The methods that something lacks to be a source of events, or `""`. */
export function missingMethods(events: unknown): string {
  return ["addEventListener", "removeEventListener"]
    .filter((name) => typeof Object(events)[name] !== "function")
    .join(" and ");
}

const isPlatformOnline = (): boolean => platform().navigator?.onLine !== false;

// Marked as pure, or the rules would stay in pages that use a transport of this package alone.
const rules: OptionRules<EnvironmentSettings> = {
  events: /* @__PURE__ */ optionRule<EnvironmentSettings["events"]>(undefined, "", (events) => {
    const missing = missingMethods(events);
    return !missing || `an EventTarget is needed, but ${describeValue(events)} has no ${missing}`;
  }),
  isOnline: /* @__PURE__ */ callableOption(isPlatformOnline),
  offlineInterval: /* @__PURE__ */ durationOption(30_000),
  name: /* @__PURE__ */ labelOption("environment"),
};
