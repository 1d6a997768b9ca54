import { isIP } from "node:net";
import { ConfigurationError, describeValue } from "@stream-tungstenite/core";

/** What each option may be, in words: kinds and values, separated by commas or "or". */
export type Rules<T> = { readonly [K in keyof Required<T>]: string };

const isWithin = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  "a string": (value) => typeof value === "string",
  "a function": (value) => typeof value === "function",
  "an object": (value) => typeof value === "object" && value !== null,
  bytes: (value) => value instanceof Uint8Array,
  "an IP address": (value) => typeof value === "string" && isIP(value) > 0,
  milliseconds: (value) => isWithin(value, 0, 2 ** 31 - 1),
  // The longest string of 64-bit Node: a longer text could not be decoded.
  "1 to 536870888": (value) => isWithin(value, 1, 536_870_888),
};

/** Unknown names, and values that break their rule; `undefined` is as good as absent. */
export function objectFaults<T extends object>(
  prefix: string,
  options: T,
  rules: Rules<T>,
): string[] {
  if (!kinds["an object"]?.(options)) return [`${prefix || "options"} must be an object`];
  return Object.entries(options).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined;
    if (!rule) return [`${prefix}${name} is no option; there are ${Object.keys(rules).join(", ")}`];
    const fits = (kind: string): boolean => kinds[kind]?.(value) ?? describeValue(value) === kind;
    if (value === undefined || rule.split(/, | or /).some(fits)) return [];
    // What stands below a prefix may be a secret.
    return [
      `${prefix}${name} must be ${rule}, not ${prefix ? typeof value : describeValue(value)}`,
    ];
  });
}

/** @throws ConfigurationError if there are faults */
export function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ConfigurationError(faults);
}
