import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What runs in a process of its own, and what runs as a worker. */
export type Entry = "process" | "worker";

/** Bundles an entry with the packages' sources; returns the file. */
export async function bundle(entry: Entry): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../dist/runners/${entry}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`${entry}-entry.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: entry === "process" ? "node" : "neutral",
    conditions: ["@stream-tungstenite/source"],
    // Bun has a `ws` of its own in place of the package, and users get that one.
    external: ["ws", "socks", "https-proxy-agent"],
    logLevel: "warning",
  });
  return outfile;
}
