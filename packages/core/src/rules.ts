import { ConfigurationError } from "./errors.ts";

/** What an option has to be. */
export interface Rule<T> {
  /** What stands in for an option that was not given. */
  readonly fallback: T;
  /** Completes the fault "… is needed, not 5". */
  readonly wanted: string;
  /** Whether a value will do; a text is a fault of its own, for values that must not be shown. */
  readonly fits: (value: unknown) => boolean | string;
}
/** The options that there are, by name. */
export type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** A rule for what no other rule knows. */
export const rule = <T>(fallback: T, wanted: string, fits: Rule<T>["fits"]): Rule<T> => ({
  fallback,
  wanted,
  fits,
});

/** A finite number of milliseconds, 0 or more. */
export function duration(fallback: number): Rule<number>;
export function duration(fallback: undefined): Rule<number | undefined>;
export function duration(fallback: number | undefined): Rule<number | undefined> {
  return rule(fallback, "a number of milliseconds, 0 or more,", (value) => isFrom(0, value));
}

/** A number of messages or bytes, 1 or more; Infinity is none too many. */
export const size = (fallback: number): Rule<number> =>
  rule(fallback, "a number, 1 or more,", (value) => value === Infinity || isFrom(1, value));

/** true or false. */
export const flag = (fallback: boolean): Rule<boolean> =>
  rule(fallback, "true or false", (value) => typeof value === "boolean");

/** What something is called in errors and logs: a text that is not empty. */
export const label = (fallback: string): Rule<string> =>
  rule(fallback, "a text that is not empty", (value) => typeof value === "string" && value !== "");

/** A function. */
export const callable = <T>(fallback: T): Rule<T> =>
  rule(fallback, "a function", (value) => typeof value === "function");

/** What may end a wait. */
export const abortSignal: Rule<AbortSignal | undefined> = /* @__PURE__ */ rule(
  undefined,
  "an AbortSignal",
  (value) => typeof Object(value).throwIfAborted === "function",
);

/** For what is looked at elsewhere. */
export const anything = <T>(fallback: T): Rule<T> => rule(fallback, "", () => true);

/** One of some words; the first is the fallback. */
export const choice = <const T extends string>(...words: readonly [T, ...T[]]): Rule<T> =>
  rule(words[0], words.map((word) => `'${word}'`).join(" or "), (value) =>
    words.includes(value as T),
  );

/** What either rule lets through; the first has the fallback. Faults name both, whatever the value. */
export const either = <T>(one: Rule<T>, other: Rule<unknown>): Rule<T> =>
  rule(
    one.fallback,
    `${one.wanted} or ${other.wanted}`,
    (value) => one.fits(value) === true || other.fits(value) === true,
  );

/** A finite number, not below `least`. */
export const isFrom = (least: number, value: unknown): value is number =>
  typeof value === "number" && value >= least && value < Infinity;

/** The options, complete; what is wrong with them goes to `faults`. */
export function complete<T extends object>(
  rules: Rules<T>,
  given: { readonly [K in keyof T]?: unknown },
  faults: string[],
  owner = "",
): T {
  const fault = (name: string, wanted: string, value: unknown, own?: boolean | string): number =>
    faults.push(`${name}: ${own || `${wanted} is needed, not ${describeValue(value)}`}`);
  const prefix = owner && `${owner}.`;
  const options = {} as T;
  const isObject = typeof given === "object" && given !== null;
  if (!isObject) fault(owner || "options", "an object", given);
  const source = isObject ? given : ({} as typeof given);
  for (const name in rules) {
    const { fallback, wanted, fits } = rules[name];
    const value = source[name] as T[typeof name] | undefined;
    options[name] = value === undefined ? fallback : value;
    const isGood = value === undefined || fits(value);
    if (isGood !== true) fault(prefix + name, wanted, value, isGood);
  }
  for (const name in source) {
    if (!Object.hasOwn(rules, name)) faults.push(`${prefix}${name}: there is no such option`);
  }
  return options;
}

/**
 * The options, each as it was given or its rule's fallback where it was `undefined`.
 *
 * @param owner - Stands before the names of the options in faults.
 * @param faults - What else is wrong; it is listed first.
 * @throws ConfigurationError that lists every fault: options that are no object, values that do not fit and
 *   names that there are not
 */
export function checked<T extends object>(
  rules: Rules<T>,
  given: { readonly [K in keyof NoInfer<T>]?: unknown },
  owner?: string,
  faults: string[] = [],
): T {
  const options = complete(rules, given, faults, owner);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return options;
}

/**
 * What an error calls a value that an option cannot have: short, and without calling any method of it.
 * Strings are quoted, so not for what may be a secret.
 */
export function describeValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return "an object";
  const text = String(value).slice(0, 50);
  return typeof value === "string" ? `'${text}'` : text;
}
