import { WebSocketServer } from "ws";

// The server of the load test, a process of its own: it dies by signal, as servers do.
//
//   node server.js PORT      0 for any; prints the port once it listens

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 0) });

server.on("listening", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(address.port);
});
server.on("connection", (socket) => {
  // A client that is killed resets its connection.
  socket.on("error", () => {});
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});

// The greeting of a restart, as rolling restarts have it; SIGKILL has none.
process.on("SIGTERM", () => {
  for (const socket of server.clients) socket.close(1012, "restarting");
  server.close(() => process.exit());
});
