import type { Adapter, Setup, Socket } from "./client.ts";

/** The part of a browser's socket that its wrappers have, too. */
export interface EventSocket extends Socket {
  binaryType: string;
  addEventListener(
    type: "open" | "close" | "message",
    listener: (event: { readonly data?: unknown }) => void,
  ): void;
  close(): void;
}

/** Uses a socket as one does in browsers; resolves at its first `open`. */
export function eventSocket(
  setup: Setup,
  make: (url: string) => EventSocket,
): Adapter<EventSocket> {
  const { onMessage, onOpen, onLost } = setup;
  const listener = ({ data }: { readonly data?: unknown }): void =>
    onMessage(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  return {
    open(url) {
      const socket = make(url);
      // A `Blob` would have to be read asynchronously.
      socket.binaryType = "arraybuffer";
      socket.addEventListener("message", listener);
      if (onOpen) socket.addEventListener("open", onOpen);
      if (onLost) socket.addEventListener("close", onLost);
      return new Promise((resolve) => socket.addEventListener("open", () => resolve(socket)));
    },
    end: (socket) => socket.close(),
  };
}
