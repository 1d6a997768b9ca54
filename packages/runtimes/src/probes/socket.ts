import type { RuntimePeer, RuntimeServer } from "../control/commands.ts";

/** The events of a socket so far, and a way to wait for one. */
export interface Watched {
  readonly socket: WebSocket;
  readonly seen: readonly Event[];
  /** The first event of that type, past or to come. */
  first(type: string): Promise<Event>;
}

/** A socket of the platform, watched. */
export function watch(socket: WebSocket): Watched {
  const seen: Event[] = [];
  const waiting = new Set<() => void>();
  for (const type of ["open", "message", "error", "close"]) {
    socket.addEventListener(type, (event) => {
      seen.push(event);
      for (const look of waiting) look();
    });
  }
  return {
    socket,
    seen,
    first: (type) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = seen.find((event) => event.type === type);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** An open socket of the platform and the server's end of it. */
export async function open(
  server: RuntimeServer,
): Promise<{ readonly watched: Watched; readonly peer: RuntimePeer }> {
  const watched = watch(new WebSocket(server.url));
  await watched.first("open");
  return { watched, peer: await server.nextPeer() };
}

/** A round trip on a connection of its own: what was about to happen has happened after it. */
export async function fence(server: RuntimeServer): Promise<void> {
  const { watched, peer } = await open(server);
  await peer.send("fence");
  await watched.first("message");
  watched.socket.close();
  await peer.closed();
}
