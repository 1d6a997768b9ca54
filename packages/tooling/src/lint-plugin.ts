/** What the rules read of a syntax tree's node. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly object?: Node;
  readonly property?: Node;
  readonly callee?: Node;
  readonly source?: Node;
  readonly computed?: boolean;
  readonly arguments?: readonly Node[];
}
interface Scope {
  /** References that no scope of the file declares: the globals. */
  readonly through: readonly { readonly identifier: Node }[];
}
interface Context {
  readonly sourceCode: { readonly scopeManager: { readonly globalScope: Scope | null } };
  report(problem: { readonly node: Node; readonly message: string }): void;
}
interface Rule {
  create(context: Context): Record<string, (node: Node) => void>;
}

const globalObjects = new Set(["globalThis", "window", "self", "global"]);
const timers = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "requestAnimationFrame",
  "requestIdleCallback",
]);
const timeModule = /^(?:node:)?(?:timers(?:\/promises)?|perf_hooks)$/;

function propertyName(node: Node): string | undefined {
  if (!node.computed) return node.property?.name;
  return typeof node.property?.value === "string" ? node.property.value : undefined;
}

/** The name of the global that an expression reads, also through `globalThis`. */
function globalName(node: Node | undefined): string | undefined {
  if (node?.type === "Identifier") return node.name;
  if (node?.type !== "MemberExpression") return undefined;
  return globalObjects.has(node.object?.name ?? "") ? propertyName(node) : undefined;
}

/**
 * Refuses timers, clocks and randomness: code that reads them cannot be driven by a test, so they live in the clock
 * and random modules alone, and everything else takes a `Clock` or a `Random` as a parameter.
 */
const noAmbientTime: Rule = {
  create(context) {
    const refuse = (node: Node, what: string): void =>
      context.report({
        node,
        message: `${what} belongs into a clock or random module: take a Clock or a Random as a parameter.`,
      });
    return {
      "Program:exit"() {
        for (const { identifier } of context.sourceCode.scopeManager.globalScope?.through ?? []) {
          if (timers.has(identifier.name ?? "")) refuse(identifier, `${identifier.name}`);
        }
      },
      CallExpression(node) {
        if (globalName(node.callee) === "Date") refuse(node, "Date()");
      },
      NewExpression(node) {
        const isNow = globalName(node.callee) === "Date" && node.arguments?.length === 0;
        if (isNow) refuse(node, "new Date()");
      },
      MemberExpression(node) {
        const property = propertyName(node);
        const object = globalName(node.object);
        const name = `${object}.${property}`;
        if (name === "Date.now" || name === "Math.random" || name === "performance.now") {
          refuse(node, name);
        } else if (globalObjects.has(object ?? "") && timers.has(property ?? "")) {
          refuse(node, name);
        }
      },
      ImportDeclaration(node) {
        const source = String(node.source?.value);
        if (timeModule.test(source)) refuse(node, source);
      },
    };
  },
};

/** Refuses `export *`: an index lists the names that a package offers. */
const noExportAll: Rule = {
  create: (context) => ({
    ExportAllDeclaration: (node) =>
      context.report({ node, message: "List the exported names: `export *` hides them." }),
  }),
};

/** Refuses enums: a union of literals needs no code. */
const noEnum: Rule = {
  create: (context) => ({
    TSEnumDeclaration: (node) =>
      context.report({ node, message: "Use a union of literals: an enum cannot be erased." }),
  }),
};

/** The rules that the linter does not bring along. */
export default {
  meta: { name: "tungstenite" },
  rules: { "no-ambient-time": noAmbientTime, "no-export-all": noExportAll, "no-enum": noEnum },
};
