import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "@stream-tungstenite/core";
import { seededRandom } from "@stream-tungstenite/retry";
import { WebSocketServer, type WebSocket } from "ws";
import { every } from "../clock.ts";
import { encode, type Action, type Condition, type ServerMessage } from "../protocol.ts";
import { delayLine, type DelayLine } from "./delay-line.ts";
import { market } from "./market.ts";
import { peer, type Peer } from "./peer.ts";

export interface FeedOptions {
  readonly clock: Clock;
  /** What clients must show. */
  readonly token: string;
  /** Milliseconds for which a restarting server is away. @defaultValue 2_000 */
  readonly restartTime?: number | undefined;
}

/** The market data, and the switches that hurt it. */
export interface Feed {
  readonly condition: Condition;
  /** Takes over an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Resolves when it is done: a restart takes its time. */
  obey(action: Action): Promise<void>;
  /** Drops everything. */
  stop(): void;
}

/** Milliseconds between two moments of the market. */
const moment = { well: 50, slow: 250 };
/** Milliseconds on the way to a client: the least, and how much more it may be. */
const latency = { well: { least: 14, spread: 20 }, slow: { least: 350, spread: 150 } };
/** Seconds. */
const retryAfter = 2;

/** A client that is connected. */
interface Guest {
  readonly peer: Peer;
  readonly line: DelayLine<ServerMessage>;
}

/** Opens the market. */
export function startFeed({ clock, token, restartTime = 2_000 }: FeedOptions): Feed {
  const random = seededRandom(7);
  const ticker = market(random);
  const guests = new Map<WebSocket, Guest>();
  let mood: Exclude<Condition, "restarting"> = "well";
  let server: WebSocketServer | undefined = openServer();
  /** Calls off the restart under way. */
  let calledOff: (() => void) | undefined;
  let restarted: Promise<void> = Promise.resolve();

  const pace = (): "well" | "slow" => (mood === "slow" ? "slow" : "well");
  const welcome = (socket: WebSocket): void => {
    const line = delayLine<ServerMessage>(clock, (message) => socket.send(encode(message)));
    const guest: Guest = {
      line,
      peer: peer({
        token,
        send(message) {
          const { least, spread } = latency[pace()];
          line.push(message, least + spread * random());
        },
        close: (code, reason) => socket.close(code, reason),
      }),
    };
    guests.set(socket, guest);
    // `ws` gives a `Buffer` unless its `binaryType` is changed.
    socket.on("message", (data, isBinary) => {
      guest.peer.receive(isBinary ? undefined : (data as Buffer).toString("utf8"));
    });
    socket.on("close", () => {
      line.cut();
      guests.delete(socket);
    });
    // A client that vanished is an error here; `close` follows and is enough.
    socket.on("error", () => {});
    if (mood === "silent") hush(socket, guest);
  };
  const dropAll = (): void => {
    for (const socket of guests.keys()) socket.terminate();
  };

  let last = clock.now();
  const stopTicking = every(clock, moment.well, () => {
    // A hair of tolerance: timers may fire a little early by the clock.
    if (mood === "silent" || clock.now() - last < moment[pace()] - 10) return;
    last = clock.now();
    for (const trade of ticker.tick()) {
      for (const { peer } of guests.values()) peer.offer(trade);
    }
  });

  const enter = (next: typeof mood): void => {
    if (mood === "silent") for (const [socket, guest] of guests) wake(socket, guest);
    mood = next;
    if (mood === "silent") for (const [socket, guest] of guests) hush(socket, guest);
  };
  const restart = (): Promise<void> => {
    if (calledOff !== undefined) return restarted;
    for (const socket of guests.keys()) socket.close(1012, "restarting");
    server?.close();
    server = undefined;
    restarted = new Promise((resolve) => {
      const back = (): void => {
        cancel();
        server = openServer();
        calledOff = undefined;
        resolve();
      };
      const cancel = clock.schedule(restartTime, back);
      calledOff = back;
    });
    return restarted;
  };

  return {
    get condition() {
      return server === undefined ? "restarting" : mood;
    },
    upgrade(request, socket, head) {
      socket.on("error", () => {});
      if (server === undefined) socket.destroy();
      else if (mood === "refusing") refuse(socket);
      else server.handleUpgrade(request, socket, head, welcome);
    },
    async obey(action) {
      switch (action) {
        case "drop":
          return dropAll();
        case "restart":
          return restart();
        case "silence":
          return enter("silent");
        case "slow":
          return enter("slow");
        case "refuse":
          enter("refusing");
          return dropAll();
        case "restore":
          calledOff?.();
          return enter("well");
      }
    },
    stop() {
      stopTicking();
      calledOff?.();
      dropAll();
      server?.close();
      server = undefined;
    },
  };
}

function openServer(): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
}

/** Neither reads nor writes any more, and leaves the socket open: nobody can see that from outside. */
function hush(socket: WebSocket, { line }: Guest): void {
  socket.pause();
  line.hold();
}

function wake(socket: WebSocket, { line }: Guest): void {
  socket.resume();
  line.release();
}

/** Answers an upgrade request with an HTTP response (RFC 6455 §4.2.2, step 5). */
function refuse(socket: Duplex): void {
  const body = "The feed takes a rest.\n";
  socket.end(
    [
      "HTTP/1.1 503 Service Unavailable",
      `Retry-After: ${retryAfter}`,
      "Connection: close",
      "Content-Type: text/plain",
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n"),
  );
}
