import type { Subject } from "../task.ts";

/** As tables and plots call them. */
export const names: Readonly<Record<Subject, string>> = {
  ws: "`ws`",
  raw: "bare socket",
  platform: "platform's `WebSocket`",
  "ws-events-on": "`ws`, `events.on`",
  "reconnecting-websocket": "reconnecting-websocket",
  partysocket: "partysocket",
  "websocket-ts": "websocket-ts",
  "graphql-ws": "graphql-ws",
  "socket.io-client": "socket.io-client",
  tungstenite: "stream-tungstenite",
  "tungstenite-for-await": "… `for await`",
  "tungstenite-extensions": "… logging, status, heartbeat",
  "tungstenite-async-hook": "… one asynchronous hook",
  "tungstenite-handshakes": "… token and subscription",
};

/** Without the marks of Markdown. */
export function plainName(subject: Subject): string {
  return names[subject].replaceAll("`", "");
}
