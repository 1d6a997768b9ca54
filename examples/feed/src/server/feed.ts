import { seededRandom } from "@stream-tungstenite/retry";
import { every, type Clock } from "../clock.ts";
import { encode, type FeedMessage } from "../protocol.ts";
import type { Journal } from "./journal.ts";
import { market, tickInterval } from "./market.ts";
import { peer, type Peer } from "./peer.ts";

export interface FeedOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly token: string;
  readonly journal: Journal;
}

/** What the feed needs of a socket. */
export interface FeedSocket {
  /** It is open and takes messages. */
  readonly writable: boolean;
  /** Bytes. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** The market and everybody who listens to it, whatever carries the messages. */
export interface Feed {
  /** A client has connected; what it sends goes to the function returned. */
  join(socket: FeedSocket): (text: unknown) => void;
  leave(socket: FeedSocket): void;
  /** No more ticks. */
  stop(): void;
}

// A reader this far behind, in bytes, would only make the server's memory grow.
const slowReader = 4 * 1024 * 1024;
// After a stall the server does not make up for more than this.
const ticksToCatchUp = 50;

/** Opens the market. The numbering goes on where it would be had the server never been away. */
export function startFeed({ clock, seed, token, journal }: FeedOptions): Feed {
  const ticker = market(seededRandom(seed));
  const peers = new Map<FeedSocket, Peer>();

  const publish = (message: FeedMessage): void => {
    let text: string | undefined;
    for (const [socket, { wants }] of peers) {
      if (!socket.writable || !wants(message.type === "trade" ? "trades" : "book")) continue;
      if (socket.bufferedAmount > slowReader) socket.close(1013, "reads too slowly");
      else socket.send((text ??= encode(message)));
    }
  };
  const dueTicks = (): number => Math.floor((clock.now() - journal.epoch) / tickInterval);
  const catchUp = (limit: number): void => {
    while (ticker.ticks < limit) ticker.tick();
  };
  catchUp(dueTicks());
  const stop = every(clock, tickInterval, () => {
    const due = dueTicks();
    catchUp(due - ticksToCatchUp);
    while (ticker.ticks < due) ticker.tick().forEach(publish);
  });

  return {
    join(socket) {
      const mine = peer({
        token,
        journal,
        send: (message) => socket.send(encode(message)),
        close: (code, reason) => socket.close(code, reason),
      });
      peers.set(socket, mine);
      return (text) => mine.receive(text);
    },
    leave: (socket) => void peers.delete(socket),
    stop,
  };
}
