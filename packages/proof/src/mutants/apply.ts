import type { Mutant } from "./mutants.ts";

/**
 * The code with that break in it.
 *
 * @throws Error when what is to be broken does not stand there exactly once: the code has moved on, and the
 *   mutant has to follow
 */
export function apply(code: string, { file, breaks, find, replace }: Mutant): string {
  const count = code.split(find).length - 1;
  if (count !== 1) {
    throw new Error(`${file} has ${count} places for the mutant '${breaks}', not one: ${find}`);
  }
  return code.replace(find, () => replace);
}
