import { readFileSync } from "node:fs";

/** Versions of what was measured, by the name of the package. */
export type Versions = Readonly<Record<string, string>>;

/** What the subjects are made of; the platform's `WebSocket` comes with Node. */
const packages = [
  "@stream-tungstenite/core",
  "ws",
  "reconnecting-websocket",
  "partysocket",
  "websocket-ts",
  "graphql-ws",
  "socket.io-client",
] as const;

/** The versions that are installed. */
export function installedVersions(): Versions {
  const all = packages.map((name) => [name, versionOf(name)] as const);
  // What was never published has a version that says nothing.
  return Object.fromEntries(all.filter(([, version]) => version !== "0.0.0"));
}

/** From its file: `exports` need not let it be imported. */
function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
