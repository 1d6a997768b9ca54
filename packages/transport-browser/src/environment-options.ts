import { ConfigurationError } from "@stream-tungstenite/core";
import { platform } from "./platform.ts";
import { optionFaults, type Rules } from "./rules.ts";

/** What an event may say, beside its name. */
export interface EnvironmentEvent {
  readonly type: string;
  /** Of `pagehide` and `pageshow`: the page goes into, or comes out of, the back/forward cache. */
  readonly persisted?: boolean;
  /** Of `visibilitychange`: whose `visibilityState` to look at. */
  readonly target?: unknown;
}

/** Where events come from: any `EventTarget` is one. */
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

const rules: Rules<EnvironmentOptions> = {
  events: ["object"],
  isOnline: ["function"],
  offlineInterval: ["number"],
  name: ["string"],
};

/** The options found good. The source of events is looked for at setup. */
export interface EnvironmentSettings {
  readonly events: EnvironmentEvents | undefined;
  readonly isOnline: () => boolean | null | undefined;
  readonly offlineInterval: number;
  readonly name: string;
}

/** @throws ConfigurationError listing every fault */
export function environmentSettings(options: EnvironmentOptions): EnvironmentSettings {
  const faults = optionFaults(options, rules);
  const {
    events,
    isOnline = isPlatformOnline,
    offlineInterval = 30_000,
    name = "environment",
  } = options ?? {};
  if (events && typeof events.addEventListener !== "function") {
    faults.push("events must be an EventTarget");
  }
  const isNumber = typeof offlineInterval === "number";
  if (isNumber && !(offlineInterval >= 0 && offlineInterval < Infinity)) {
    faults.push(`offlineInterval must be milliseconds, 0 or more, not ${offlineInterval}`);
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { events, isOnline, offlineInterval, name };
}

const isPlatformOnline = (): boolean => platform().navigator?.onLine !== false;
