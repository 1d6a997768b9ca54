import type { Connection, ConnectionListener, ConnectRequest } from "../transport.ts";
import { manualClock, memoryTransport } from "./index.ts";
import type { MemoryServer, MemoryTransportOptions } from "./index.ts";

/** Whatever promises are about to do is done. */
export const settled = (): Promise<void> => manualClock().settle();

/** How a connection ends without a close frame. */
export const abnormal = { code: 1006, reason: "", wasClean: false };

/** The client's end of a connection to a server in memory. */
export interface Client {
  /** Every call of the listener, its name first. */
  readonly calls: readonly unknown[];
  readonly connection: Connection;
  readonly abort: (reason?: unknown) => void;
  /** Runs inside every call of the listener. */
  inside: (name: string) => void;
}

/** A request for this URL, with a mark of 10 bytes. */
export function requestFor(url: string, request?: Partial<ConnectRequest>): ConnectRequest {
  return {
    url,
    protocols: [],
    noDelay: true,
    highWaterMark: 10,
    attempt: 0,
    signal: new AbortController().signal,
    ...request,
  };
}

/** A listener that tells every call by name. */
export function listenerOf(
  tell: (name: string, ...values: readonly unknown[]) => void,
): ConnectionListener {
  const call =
    (name: string) =>
    (...values: readonly unknown[]): void =>
      tell(name, ...values);
  return {
    onOpen: call("open"),
    onMessage: call("message"),
    onClose: call("close"),
    onDrain: call("drain"),
    onPong: call("pong"),
    onActivity: call("activity"),
  };
}

export function dial(
  server: MemoryServer,
  request?: Partial<ConnectRequest>,
  options?: MemoryTransportOptions,
): Client {
  const calls: unknown[] = [];
  const controller = new AbortController();
  const listener = listenerOf((...call) => {
    calls.push(call);
    client.inside(call[0]);
  });
  const connection = memoryTransport(server, options).connect(
    requestFor(server.url, { signal: controller.signal, ...request }),
    listener,
  );
  const client: Client = {
    calls,
    connection,
    abort: (reason) => controller.abort(reason),
    inside: () => {},
  };
  return client;
}

/** A connection that is open, whose `open` call is not counted. */
export async function opened(
  server: MemoryServer,
  request?: Partial<ConnectRequest>,
): Promise<Client> {
  const client = dial(server, request);
  await settled();
  const [[name], ...others] = (client.calls as unknown[]).splice(0) as [[string]];
  if (name !== "open" || others.length > 0) throw new Error(`The dial did not open: ${name}`);
  return client;
}
