import { Buffer } from "node:buffer";
import { unescape } from "node:querystring";
import type { DialTrace } from "./dial-trace.ts";

/** Values of a dial that a server or a proxy might repeat in the answer that refuses them. */
export function secretsOf({ url, proxy, headers }: DialTrace): readonly string[] {
  const values = [new URL(url), proxy].flatMap((each) => {
    if (!each) return [];
    const pair = [unescape(each.username), unescape(each.password)];
    // A parameter without a value may be the secret itself.
    const query = [...each.searchParams].map(([name, value]) => value || name);
    return [...pair, Buffer.from(pair.join(":")).toString("base64"), ...query];
  });
  for (const value of Object.values(headers).flat()) {
    values.push(value, ...value.split(/[\s;,=]+/));
  }
  // Longest first, so that no part is left of one that holds another; short ones are words.
  return values.filter(({ length }) => length > 5).toSorted((a, b) => b.length - a.length);
}
