import { readFileSync } from "node:fs";

const root = new URL("../../../../", import.meta.url);

/** The members that the source of an interface declares, without those it inherits. */
export function declaredOptions(file: string, name: string): readonly string[] {
  const source = readFileSync(new URL(file, root), "utf8");
  const start = source.search(new RegExp(`^export interface ${name}\\b`, "m"));
  if (start < 0) throw new Error(`${file} declares no interface ${name}`);
  const body = source.slice(start, source.indexOf("\n}", start));
  // The formatter indents members by two spaces, and nothing else by so few.
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map((match) => match[1]!);
}

/** The interfaces of options that the source files of published packages export, as `file: name`. */
export function optionInterfaces(file: string): readonly string[] {
  const source = readFileSync(new URL(file, root), "utf8");
  const names = source.matchAll(/^export interface (\w*(?:Options|Waiting|Reply))\b/gm);
  return [...names].map((match) => `${file}: ${match[1]}`);
}
