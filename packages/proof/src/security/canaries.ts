import { inspect } from "node:util";

/** A secret that appears nowhere else, so that it is found wherever it turns up. */
let planted = 0;
export function canary(where: string): string {
  return `canary-${where}-${(++planted).toString(36)}${"qzx7".repeat(3)}`;
}

/** Everything that somebody may print, send or store of these values. */
export function everythingOf(values: readonly unknown[]): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const add = (value: unknown): void => {
    if (value === undefined || seen.has(value)) return;
    seen.add(value);
    texts.push(
      inspect(value, { depth: 20, showHidden: true, getters: false, maxArrayLength: null }),
    );
    try {
      texts.push(JSON.stringify(value) ?? "");
    } catch {
      // What has no text gives nothing away.
    }
    if (value instanceof Error) {
      texts.push(value.message, value.stack ?? "", value.toString());
      for (const name of Object.getOwnPropertyNames(value)) {
        add((value as unknown as Record<string, unknown>)[name]);
      }
      add(value.cause);
    }
    if (Array.isArray(value)) value.forEach(add);
  };
  values.forEach(add);
  return texts.join("\n");
}

/** The canaries that flew out, in whatever encoding. */
export function escaped(text: string, canaries: readonly string[]): readonly string[] {
  return canaries.filter((secret) =>
    [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      Buffer.from(secret).toString("hex"),
    ].some((form) => text.includes(form)),
  );
}
