import { ConfigurationError } from "@stream-tungstenite/core";

/** `true`, or what is wrong. */
export type Finding = boolean | string;

/**
 * Refuses options with all that is wrong: the findings that are texts, and the names that there are not.
 *
 * @throws ConfigurationError listing every fault
 */
export function check(findings: readonly Finding[], unknown: object = {}): void {
  const faults = [
    ...findings.filter((finding) => typeof finding === "string"),
    ...Object.keys(unknown).map((name) => `${name}: there is no such option`),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** @throws ConfigurationError for options that are no object */
export function objectOf<T extends object>(options: T): T {
  if (Object(options) !== options) throw new ConfigurationError(["options: an object is needed"]);
  return options;
}

/** The name of a plugin. */
export const nameFinding = (name: unknown): Finding =>
  (name !== "" && typeof name === "string") || "name: a text that is not empty is needed";
