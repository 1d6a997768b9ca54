import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Serves the page with the client, and another one to navigate to. */
export interface PageServer {
  readonly url: string;
  readonly other: string;
  close(): Promise<void>;
}

export async function pageServer(): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page-script.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@stream-tungstenite/source"],
    logLevel: "warning",
  });
  const script = outputFiles[0]!.text;
  const server = http.createServer(({ url = "" }, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      url.startsWith("/client")
        ? `<!doctype html><title>Client</title><script type="module">${script}</script>`
        : "<!doctype html><title>Other</title>",
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/client`,
    other: `${origin}/other`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
