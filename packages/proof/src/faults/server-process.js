// A WebSocket server in a process of its own, which tests may kill, stop and continue. It writes a line for all that
// it does, at once, so that what it has received is known however it ends. Plain JavaScript: Node 20 runs it as it is.
import { writeSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { WebSocketServer } from "ws";

const { host, port, tls } = JSON.parse(process.argv[2] ?? "{}");

const tell = (/** @type {object} */ line) => writeSync(1, `${JSON.stringify(line)}\n`);

const server = tls ? https.createServer(tls) : http.createServer();
const sockets = new WebSocketServer({ server });
let connections = 0;

sockets.on("connection", (ws) => {
  const connection = ++connections;
  tell({ type: "open", connection });
  ws.on("message", (/** @type {Buffer} */ data) => {
    const number = Number.parseInt(data.toString(), 10);
    tell({ type: "received", connection, number });
    ws.send(`${number} received`);
  });
  ws.on("ping", () => tell({ type: "pinged" }));
  ws.on("error", () => {});
  ws.on("close", (code) => tell({ type: "gone", connection, code }));
});

server.on("tlsClientError", () => {});
server.listen(port, host, () => tell({ type: "listening", port: server.address().port }));

// As servers do that are told to end: they say that they go away, and wait for the answer.
process.on("SIGTERM", () => {
  server.close();
  for (const ws of sockets.clients) ws.close(1001, "restart");
  sockets.close(() => process.exit(0));
});

process.on("message", ({ command, value }) => {
  if (command === "drop") for (const ws of sockets.clients) ws.terminate();
  if (command === "send") for (const ws of sockets.clients) ws.send(value);
  if (command === "certify") {
    server.setSecureContext(value);
    tell({ type: "certified" });
  }
});
// The test is gone.
process.on("disconnect", () => process.exit(1));
