/** The TypeScript of a README. */
export interface Snippets {
  /** All ` ```ts ` blocks as one module, each at its own line, so that a compiler's errors point into the page. */
  readonly code: string;
  readonly count: number;
  /** Blocks that opt out without saying why. */
  readonly faults: readonly string[];
}

/**
 * Collects the TypeScript blocks of a Markdown page. All blocks share one module, so that a later one may go on from
 * an earlier one.
 *
 * A block opts out by ` ```ts no-check: reason `; one that must not share names with the others is wrapped in a scope
 * of its own by ` ```ts alone `, and has no imports then.
 */
export function snippetsOf(markdown: string): Snippets {
  const faults: string[] = [];
  const out: string[] = [];
  let count = 0;
  let block: "checked" | "alone" | "other" | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) {
      out.push(block === "checked" || block === "alone" ? line : "");
    } else if (block !== undefined) {
      out.push(block === "alone" ? "}" : "");
      block = undefined;
    } else {
      const info = (fence[1] ?? "").trim();
      block = kindOf(info);
      if (block !== "other") count++;
      if (/^ts\s+no-check(?!:\s*\S)/.test(info)) {
        faults.push(`line ${index + 1}: a block opts out of the check without a reason`);
      }
      out.push(block === "alone" ? "{" : "");
    }
  }
  return { code: `${out.join("\n")}\nexport {};\n`, count, faults };
}

function kindOf(info: string): "checked" | "alone" | "other" {
  if (!/^(?:ts|typescript)\b/.test(info) || info.includes("no-check")) return "other";
  return info.includes("alone") ? "alone" : "checked";
}
