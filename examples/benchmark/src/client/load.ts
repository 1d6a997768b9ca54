import type { Subject } from "../task.ts";
import type { Adapter, Setup } from "./client.ts";

/** Makes a client of that kind. */
export type MakeAdapter = (setup: Setup) => Adapter;

/** Loads one subject and none of the others, whose code would be in the same memory. */
export async function loadAdapter(subject: Exclude<Subject, "raw">): Promise<MakeAdapter> {
  switch (subject) {
    case "ws":
      return (await import("./ws.ts")).ws;
    case "ws-events-on":
      return (await import("./ws.ts")).wsEventsOn;
    case "platform":
      return (await import("./platform.ts")).platform;
    case "reconnecting-websocket":
      return (await import("./reconnecting-websocket.ts")).reconnectingWebSocket;
    case "partysocket":
      return (await import("./partysocket.ts")).partysocket;
    case "websocket-ts":
      return (await import("./websocket-ts.ts")).websocketTs;
    case "graphql-ws":
      return (await import("./graphql-ws.ts")).graphqlWs;
    case "socket.io-client":
      return (await import("./socket-io.ts")).socketIo;
    case "tungstenite":
      return (await import("./tungstenite.ts")).tungstenite;
    case "tungstenite-for-await":
      return (await import("./tungstenite.ts")).tungsteniteForAwait;
    case "tungstenite-extensions":
      return (await import("./tungstenite.ts")).tungsteniteExtensions;
    case "tungstenite-async-hook":
      return (await import("./tungstenite.ts")).tungsteniteAsyncHook;
    case "tungstenite-handshakes":
      return (await import("./tungstenite.ts")).tungsteniteHandshakes;
  }
}
