import type { Adapter, Setup, Socket } from "../client/client.ts";
import type { Sample } from "../task.ts";

/** Measures a span that it began with. */
export interface Meter {
  /** Ends a part of the span, in which so many messages went by. */
  lap(messages: number): void;
  /** Ends the span, in which so many messages went by. */
  end(messages: number): Sample;
}

/** What a measurement is given: the subject, and where the server is. */
export interface Context {
  readonly adapter: (setup: Setup) => Adapter;
  /** The subject encodes and decodes the dialect by itself. */
  readonly speaks: boolean;
  /** A URL of the load server, with what is wanted of it. */
  readonly url: (route: string, query?: Readonly<Record<string, string | number>>) => string;
  /** Begins to measure messages. */
  readonly start: () => Meter;
  /** Runs the collector, where the process was started with `--expose-gc`. */
  readonly collect: () => void;
}

/** Makes the URLs of a load server. */
export function urlsOf(port: number): Context["url"] {
  return (route, query = {}) => {
    const wish: Record<string, string | number> = { route, ...query };
    const search = new URLSearchParams(Object.entries(wish).map(([k, v]) => [k, String(v)]));
    return `ws://127.0.0.1:${port}/?${search}`;
  };
}

/** A client, and how to end it. */
export interface Open extends Disposable {
  readonly socket: Socket;
}

/** Opens one client; it ends with the scope. */
export async function open(context: Context, url: string, setup: Setup): Promise<Open> {
  const adapter = context.adapter(setup);
  const socket = await adapter.open(url);
  return { socket, [Symbol.dispose]: () => adapter.end(socket) };
}

/** Many clients. */
export interface Many extends Disposable {
  readonly sockets: readonly Socket[];
}

/** Dials at a time: more would overrun the backlog of a listening socket. */
const together = 100;

/** Opens many clients. */
export async function openMany(
  context: Context,
  url: string,
  count: number,
  setup: Setup,
): Promise<Many> {
  const adapter = context.adapter(setup);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Math.min(together, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: next }, () => adapter.open(url)))));
  }
  return {
    sockets,
    [Symbol.dispose]: () => {
      for (const socket of sockets) adapter.end(socket);
    },
  };
}
