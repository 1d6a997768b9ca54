import type { Buffer } from "node:buffer";
import type { Data, Dialect } from "../task.ts";
import type { LoadConnection, OnMessage } from "./connection.ts";
import { repeat } from "./connection.ts";
import { frame, textFrame } from "./frame.ts";
import { serverFrame, wrap } from "./payload.ts";

/** The server as its routes see it. */
export interface RouteHost {
  /** Connections on the route `crowd`. */
  readonly crowd: Set<LoadConnection>;
  /** Ends all connections and does not listen for so many milliseconds. */
  goAway(down: number): void;
}

/** What a client asked for in the query of its URL. */
export interface Wish {
  readonly connection: LoadConnection;
  readonly query: URLSearchParams;
  readonly host: RouteHost;
}

/** Makes the answer to a client's messages. */
export type Route = (wish: Wish) => OnMessage;

const number = (query: URLSearchParams, name: string): number => Number(query.get(name) ?? 0);

function frameFor(query: URLSearchParams): Buffer {
  const data = (query.get("data") ?? "text") as Data;
  const dialect = (query.get("dialect") ?? "plain") as Dialect;
  return serverFrame(data, dialect, number(query, "size"), query.has("deflate"));
}

/** The text that a client sends to have the server go away. */
export const goAway = "go away";

/** Messages that a client of a crowd gets at a time. */
export const crowdBatch = 32;

/** Answers a token and a subscription alike. */
const confirmation = textFrame('{"type":"subscribed"}');

/** What a client may ask for. Payloads are kept only where the route reads them. */
export const routes: Readonly<Record<string, { readonly keep: boolean; readonly route: Route }>> = {
  /** Sends `total` messages in answer to the first one. */
  receive: {
    keep: false,
    route: ({ connection, query }) => {
      const bytes = frameFor(query);
      const total = number(query, "total");
      let begun = false;
      return () => {
        if (!begun) connection.stream(bytes, total);
        begun = true;
      };
    },
  },
  /** Counts, and says so at each of the `marks`, or at `every` so many. */
  count: {
    keep: false,
    route: ({ connection, query }) => counter(connection, query),
  },
  echo: {
    keep: true,
    route:
      ({ connection }) =>
      (opcode, payload, compressed) =>
        connection.write(frame(opcode, payload!, { compressed })),
  },
  /** Nothing but answers to pings. */
  idle: { keep: false, route: () => () => {} },
  /** In answer to one message every connection of the route gets `each` messages, some at a time. */
  crowd: {
    keep: false,
    route: ({ connection, query, host }) => {
      const each = number(query, "each");
      // A write for each message alone would make the server the slower side.
      const together = crowdBatch;
      host.crowd.add(connection);
      connection.socket.on("close", () => host.crowd.delete(connection));
      return () => {
        const bytes = repeat(frameFor(query), together);
        for (const member of host.crowd) member.repeat(bytes, each / together);
      };
    },
  },
  /** Goes away when told so; else counts, and with `reply` answers every message. */
  outage: {
    keep: true,
    route: ({ connection, query, host }) => {
      const down = number(query, "down");
      const count = counter(connection, query);
      return (opcode, payload, compressed) => {
        if (payload?.toString() === goAway) host.goAway(down);
        else if (query.has("reply")) connection.write(confirmation);
        else count(opcode, payload, compressed);
      };
    },
  },
};

function counter(connection: LoadConnection, query: URLSearchParams): OnMessage {
  const marks = (query.get("marks") ?? "").split(",").map(Number);
  const reached = textFrame(wrap((query.get("dialect") ?? "plain") as Dialect, "reached"));
  const every = number(query, "every") || Infinity;
  let count = 0;
  return () => {
    if (++count === marks[0]) marks.shift();
    else if (count % every !== 0) return;
    connection.write(reached);
  };
}
