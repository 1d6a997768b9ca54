import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Says loudly what this machine cannot show. */
export function warnMissing(what: string, why: string): void {
  console.warn(`\n!!! ${what} NOT TESTED on this machine: ${why} !!!\n`);
}

/** The path of a program, or undefined after saying loudly what will not be tested. */
export function findProgram(name: string, what: string): string | undefined {
  // Debian keeps servers where an ordinary user's PATH does not look.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  warnMissing(what, `${name} is not installed (apt-get install ${name})`);
  return undefined;
}
