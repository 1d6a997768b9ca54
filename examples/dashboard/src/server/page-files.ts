import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** A file of the page, ready to be served. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Reads all files of a directory, by the path at which they are served. They are read at once: no request can
 * lead anywhere else.
 *
 * @throws Error when the page has not been built
 */
export function readPageFiles(directory: string): ReadonlyMap<string, PageFile> {
  let entries;
  try {
    entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new Error(`The page is not built: ${directory} cannot be read`, { cause: error });
  }
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(path)] ?? "application/octet-stream";
    files.set(`/${relative(directory, path).split(sep).join("/")}`, {
      type,
      body: readFileSync(path),
    });
  }
  const index = files.get("/index.html");
  if (index === undefined) throw new Error(`The page is not built: ${directory} has no index.html`);
  return files.set("/", index);
}
