import { io, type Socket as IoSocket } from "socket.io-client";
import type { Adapter, Setup, Socket } from "./client.ts";

interface Emitter extends Socket {
  readonly io: IoSocket;
}

/** socket.io-client, over WebSocket from the beginning: each message is an event with one argument. */
export function socketIo({ onMessage, onOpen, onLost, delay = 1_000 }: Setup): Adapter<Emitter> {
  return {
    open(url) {
      const { origin, searchParams } = new URL(url);
      const socket = io(origin.replace("ws", "http"), {
        transports: ["websocket"],
        query: Object.fromEntries(searchParams),
        reconnectionDelay: delay,
        reconnectionDelayMax: delay,
        randomizationFactor: 0,
      });
      socket.on("m", onMessage);
      if (onOpen) socket.on("connect", onOpen);
      if (onLost) socket.on("disconnect", onLost);
      const emitter: Emitter = {
        io: socket,
        get bufferedAmount() {
          // What its engine has not handed to the socket yet; of the socket's own it tells nothing.
          return socket.io.engine.writeBuffer.length;
        },
        send: (message) => socket.emit("m", message),
      };
      return new Promise((resolve) => socket.once("connect", () => resolve(emitter)));
    },
    end: (emitter) => void emitter.io.disconnect(),
  };
}
