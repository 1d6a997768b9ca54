/** The TypeScript of a Markdown page. */
export interface Snippets {
  /** One module a block; each line keeps its number, so that a compiler's errors point into the page. */
  readonly modules: readonly string[];
  /** Fences that say something wrong. */
  readonly faults: readonly string[];
}

/**
 * Collects the TypeScript blocks of a Markdown page.
 *
 * Each block is a module of its own. ` ```ts continued ` goes on in the module of the block before it, and
 * ` ```ts no-check: reason ` leaves a block out.
 */
export function snippetsOf(markdown: string): Snippets {
  const lines = markdown.split("\n");
  const modules: string[][] = [];
  const faults: string[] = [];
  let block: "checked" | "other" | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) {
      const module = block === "checked" ? modules.at(-1) : undefined;
      if (module !== undefined) module[index] = line;
    } else if (block !== undefined) {
      block = undefined;
    } else {
      const info = (fence[1] ?? "").trim();
      const isTypeScript = /^(?:ts|typescript)\b/.test(info);
      block = isTypeScript && !info.includes("no-check") ? "checked" : "other";
      const isContinued = info.endsWith(" continued");
      if (/\bno-check(?!:\s*\S)/.test(info)) {
        faults.push(`line ${index + 1}: a block opts out of the check without a reason`);
      }
      if (isContinued && modules.length === 0) {
        faults.push(`line ${index + 1}: a block continues nothing`);
      }
      if (block === "checked" && (!isContinued || modules.length === 0)) modules.push([]);
    }
  }
  return { modules: modules.map(asModule), faults };
}

/** Joins the lines, of which most are holes: what stands in the page between the blocks. */
function asModule(lines: readonly string[]): string {
  return `${Array.from(lines, (line) => line ?? "").join("\n")}\nexport {};\n`;
}
