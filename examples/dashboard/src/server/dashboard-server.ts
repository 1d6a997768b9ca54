import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@stream-tungstenite/core";
import { actions, controlPath, feedPath, tokenPath, type Action } from "../protocol.ts";
import { startFeed } from "./feed.ts";
import { readPageFiles } from "./page-files.ts";

export interface DashboardServerOptions {
  readonly clock: Clock;
  /** Port at 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
  /** Where the built page is. */
  readonly page: string;
  /** Milliseconds for which a restarting feed is away. @defaultValue 2_000 */
  readonly restartTime?: number | undefined;
}

/** The page, the feed, and the switches that hurt the feed, on one port. */
export interface DashboardServer {
  readonly port: number;
  /** Where the page is. */
  readonly url: string;
  /** Drops everything and stops listening. */
  stop(): Promise<void>;
}

/**
 * Starts the server; resolves when it listens. Page and switches go on whatever happens to the feed: only
 * upgrades reach that.
 */
export async function startDashboardServer(
  options: DashboardServerOptions,
): Promise<DashboardServer> {
  const { clock, restartTime } = options;
  const files = readPageFiles(options.page);
  const token = randomUUID();
  const http = createServer();
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port, "127.0.0.1", resolve);
  });
  const feed = startFeed({ clock, token, restartTime });

  const control = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "POST") {
      const action = await bodyOf(request);
      if (!isAction(action)) {
        return answer(response, 400, "text/plain", `One of ${actions.join(", ")} is needed.\n`);
      }
      await feed.obey(action);
    }
    answer(response, 200, "text/plain", feed.condition);
  };
  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split("?")[0] ?? "/";
    const file = files.get(path);
    if (isForeign(request)) answer(response, 403, "text/plain", "Another page asks.\n");
    else if (path === tokenPath) answer(response, 200, "text/plain", token);
    else if (path === controlPath) {
      // A request that breaks off has nobody left to tell.
      control(request, response).catch(() => response.destroy());
    } else if (file !== undefined) answer(response, 200, file.type, file.body);
    else answer(response, 404, "text/plain", "There is nothing here.\n");
  });
  http.on("upgrade", (request, socket, head) => {
    if (request.url?.split("?")[0] === feedPath) feed.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });

  const { port } = http.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      feed.stop();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer) {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

/** Any page can send requests here from its visitor's browser; the switches and the token are not for it. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}`;
}

function isAction(text: string): text is Action {
  return (actions as readonly string[]).includes(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk as string;
    // No action is that long.
    if (body.length > 100) break;
  }
  return body;
}
