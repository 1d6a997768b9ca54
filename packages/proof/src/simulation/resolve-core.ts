import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const packages = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Makes `@stream-tungstenite/core` and `retry` lead to their sources, so that nothing has to be built: those of
 * this workspace, or of a copy of `packages/core` elsewhere, with the copy of `retry` beside it if there is one.
 */
export function resolveCore(directory: string = join(packages, "core")): void {
  const core = resolve(directory);
  const beside = join(core, "../retry/src/index.ts");
  const files: Readonly<Record<string, string>> = {
    "@stream-tungstenite/core": join(core, "src/index.ts"),
    "@stream-tungstenite/core/testing": join(core, "src/testing/index.ts"),
    "@stream-tungstenite/retry": existsSync(beside) ? beside : join(packages, "retry/src/index.ts"),
  };
  registerHooks({
    resolve(specifier, context, next) {
      const file = files[specifier];
      if (file === undefined) return next(specifier, context);
      return { url: pathToFileURL(file).href, shortCircuit: true };
    },
  });
}
