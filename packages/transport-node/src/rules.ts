/** For each option its test and what it expects, for the fault's wording. */
export type Rules<T> = {
  readonly [K in keyof Required<T>]: readonly [
    test: (value: unknown) => boolean,
    expectation: string,
  ];
};

/**
 * Faults of an options object: unknown names and values that fail their test. `undefined` is as good as
 * absent. With `secret` no value is shown.
 */
export function objectFaults<T extends object>(
  prefix: string,
  options: T,
  rules: Rules<T>,
  secret = false,
): string[] {
  if (typeof options !== "object" || options === null) {
    return [`${prefix || "options"} must be an object, not ${typeof options}`];
  }
  const faults: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    const path = prefix ? `${prefix}.${name}` : name;
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined;
    if (!rule) {
      faults.push(`${path} is not an option; there are ${Object.keys(rules).join(", ")}`);
    } else if (value !== undefined && !rule[0](value)) {
      faults.push(`${path} must be ${rule[1]}, not ${secret ? typeof value : show(value)}`);
    }
  }
  return faults;
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 50));
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
