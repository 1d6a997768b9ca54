import { parseAst } from "vitest/node";

/** One import of a source file, of values or of types. */
export interface Import {
  /** What is imported: `node:fs`, `./clock.ts`, `@stream-tungstenite/core/testing`. */
  readonly specifier: string;
  /** 1 for the first line. */
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly source?: Node | null;
  readonly expression?: Node;
  readonly callee?: Node;
  readonly name?: string;
  readonly arguments?: readonly Node[];
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

/**
 * Every import of a TypeScript source: `import` and `export … from`, with or without `type`, `import()`, `import()`
 * types, `import x = require()`, `require()` and `/// <reference />`. The file is parsed, so that text in comments
 * and strings is no import.
 */
export function importsOf(code: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string | undefined, at: number): void => {
    if (specifier === undefined) return;
    found.push({ specifier, line: code.slice(0, at).split("\n").length });
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (typeof value === "object" && value !== null) {
      const node = value as Node;
      if (typeof node.type === "string") add(specifierOf(node), node.start);
      for (const child of Object.values(value)) visit(child);
    }
  };
  visit(parseAst(code, { lang: "ts" }).body);
  for (const reference of code.matchAll(
    /^\/\/\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']+)/gm,
  )) {
    add(reference[1], reference.index);
  }
  return found;
}

function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return text(node.source);
    case "TSExternalModuleReference":
      return text(node.expression);
    case "CallExpression":
      return node.callee?.name === "require" ? text(node.arguments?.[0]) : undefined;
    default:
      return undefined;
  }
}

/** The text of a literal; `?` for what is known at run time only, which no border lets through. */
function text(node: Node | null | undefined): string | undefined {
  if (node === null || node === undefined) return undefined;
  if (node.type === "Literal") return String(node.value);
  if (node.type === "TemplateLiteral" && node.quasis?.length === 1)
    return node.quasis[0]?.value.cooked;
  return "?";
}
