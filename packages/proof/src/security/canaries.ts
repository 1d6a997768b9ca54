import { Buffer } from "node:buffer";
import { inspect } from "node:util";

/** Characters that URLs, JSON and HTML escape. */
const awkward = `/+"\\&%2F=<'é`;

/**
 * A secret that appears nowhere else, so that it is found wherever it turns up. What must be escaped stands
 * in its middle: neither half ever is.
 */
export function canary(where: string, middle: string = awkward): string {
  return `canary-${where}${middle}7qzx-${where}-yranac`;
}

/** Everything that somebody may print, send or store of these values; of bytes the text that they hold. */
export function everythingOf(values: readonly unknown[]): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const add = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const bytes = ArrayBuffer.isView(value)
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        : Buffer.from(value);
      texts.push(bytes.toString("latin1"), bytes.toString());
      return;
    }
    if (value instanceof Error) texts.push(value.message, value.stack ?? "", value.toString());
    if (value instanceof Map || value instanceof Set) add([...(value as Iterable<unknown>)]);
    for (const key of Reflect.ownKeys(value)) {
      if (typeof key === "string") texts.push(key);
      // No getter is called; those of errors are none.
      add(Object.getOwnPropertyDescriptor(value, key)?.value);
    }
  };
  for (const value of values) {
    add(value);
    texts.push(
      inspect(value, { depth: 20, showHidden: true, getters: false, maxArrayLength: null }),
    );
    try {
      texts.push(JSON.stringify(value) ?? "");
    } catch {
      // What has no text gives nothing away.
    }
  }
  return texts.join("\n");
}

/** The canaries that flew out, or a half of them, in whatever encoding. */
export function escaped(text: string, canaries: readonly string[]): readonly string[] {
  return canaries.filter((secret) => {
    const [first] = /^canary-[a-z]+/.exec(secret) ?? [secret];
    const [last] = /[a-z]+-yranac$/.exec(secret) ?? [secret];
    const forms = [first, `-${last}`].flatMap((half) => [
      half,
      // Without what depends on its neighbours.
      Buffer.from(half.slice(0, half.length - (half.length % 3))).toString("base64"),
      Buffer.from(half).toString("hex"),
    ]);
    return forms.some((form) => text.includes(form));
  });
}
