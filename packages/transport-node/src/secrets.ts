import { Buffer } from "node:buffer";
import { escape, unescape } from "node:querystring";
import type { DialTrace } from "./dial-trace.ts";

/** Characters that a secret which is cut off must have left to be told from a word. */
const leastPrefix = 4;

/** How answers quote what they repeat: as it is, in URLs, in JSON, in HTML. */
const quotes: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => escape(text),
  (text) => escape(text).replace(/%../g, (octet) => octet.toLowerCase()),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  // As JSON is written that may stand within HTML.
  (text) => text.replace(/["&'+<>\\]/g, (one) => `\\u00${hex(one)}`),
  (text) => text.replace(/["&'+<>\\]/g, (one) => `\\u00${hex(one).toUpperCase()}`),
  // Frameworks differ in how they write quotes.
  ...[
    ["quot", "#39"],
    ["quot", "#039"],
    ["quot", "#x27"],
    ["#34", "#39"],
  ].map(([double, single]) => (text: string): string => {
    const names = { '"': double, "'": single, "&": "amp", "<": "lt", ">": "gt" };
    return text.replace(/["&'<>]/g, (one) => `&${names[one as keyof typeof names]};`);
  }),
];

function hex(character: string): string {
  return character.charCodeAt(0).toString(16);
}

/**
 * Values of a dial that a server or a proxy might repeat in the answer that refuses them, in every form in
 * which answers quote. Short ones are words.
 */
export function secretsOf(trace: DialTrace): readonly string[] {
  const plain = new Set<string>();
  for (const value of new Set(valuesOf(trace))) {
    // Plus signs of a query are spaces. Headers travel as Latin-1, and answers are read as UTF-8.
    plain.add(value).add(Buffer.from(value, "latin1").toString());
    plain.add(unescape(value)).add(unescape(unescape(value)));
    plain.add(unescape(value.replaceAll("+", " ")));
  }
  const forms = new Set([...plain].flatMap((value) => quotes.map((quote) => quote(value))));
  return [...forms].filter(({ length }) => length > 5);
}

/** As sent, and their parts. */
function valuesOf({ url, protocols, proxy, headers }: DialTrace): readonly string[] {
  const values = [...protocols];
  for (const each of [new URL(url), proxy]) {
    if (!each) continue;
    const { username, password } = each;
    const pair = `${unescape(username)}:${unescape(password)}`;
    values.push(username, password, pair, Buffer.from(pair).toString("base64"));
    // A parameter without a value may be the secret itself.
    values.push(...each.search.slice(1).split("&").map(afterEquals));
  }
  for (const value of Object.values(headers).flat()) {
    const parts = value.split(/[\s;,"]+/);
    values.push(value, ...parts, ...parts.map(afterEquals), ...value.split(/[\s;,"=]+/));
    const [, basic] = /^basic\s+(\S+)/i.exec(value) ?? [];
    if (!basic) continue;
    const pair = Buffer.from(basic, "base64").toString();
    values.push(pair, ...pair.split(":"));
  }
  return values;
}

/** All, where there is none or nothing behind it. */
function afterEquals(pair: string): string {
  return pair.slice(pair.indexOf("=") + 1) || pair;
}

/**
 * The text with every secret in it replaced by `***`. The end of one that may be cut off goes, too, where a
 * secret may begin there.
 */
export function blank(text: string, secrets: readonly string[], isCut: boolean): string {
  // Marked first: replaced one by one, a secret could take a part of another and leave the rest.
  const marks = new Uint8Array(text.length);
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      marks.fill(1, at, at + secret.length);
    }
    if (!isCut) continue;
    const start = secret.slice(0, leastPrefix);
    // From where the whole would not fit; a match nearer to the end hides nothing more.
    let at = text.indexOf(start, text.length - secret.length + 1);
    while (at >= 0 && !secret.startsWith(text.slice(at))) at = text.indexOf(start, at + 1);
    if (at >= 0) marks.fill(1, at);
  }
  let clean = "";
  for (let at = 0; at < text.length; at++) {
    if (!marks[at]) clean += text[at]!;
    else if (!marks[at - 1]) clean += "***";
  }
  return clean;
}
