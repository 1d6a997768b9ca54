/** What `typeof` may say of each option. */
export type Rules<T> = { readonly [K in keyof Required<T>]: readonly string[] };

/** Unknown names, and values of the wrong type; `undefined` is as good as absent. */
export function optionFaults<T extends object>(options: T, rules: Rules<T>): string[] {
  if (typeof options !== "object" || options === null) return ["options must be an object"];
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    const types = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined;
    if (!types) return [`${name} is no option; there are ${Object.keys(rules).join(", ")}`];
    const type = value === null ? "null" : typeof value;
    return value === undefined || types.includes(type)
      ? []
      : [`${name} must be of type ${types.join(" or ")}, not ${type}`];
  });
}
