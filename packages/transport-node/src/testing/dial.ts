import type {
  CloseInfo,
  ConnectError,
  Connection,
  ConnectionListener,
  ConnectRequest,
  Message,
  OpenInfo,
  Transport,
} from "@stream-tungstenite/core";
import { Queue } from "rig/queue";
import { onTestFinished } from "vitest";

/** A connection and all that its listener was told. */
export interface Dial {
  readonly connection: Connection;
  readonly opened: Promise<OpenInfo>;
  readonly closed: Promise<CloseInfo>;
  /** Messages with the byte length told. */
  readonly messages: Queue<{ readonly message: Message; readonly bytes: number | undefined }>;
  readonly drains: Queue<void>;
  readonly pongs: Queue<Uint8Array>;
  readonly activities: Queue<void>;
}

/** Opens one socket with a transport; it is dropped when the test is over. */
export function dial(
  transport: Transport,
  url: string,
  request: Partial<ConnectRequest> = {},
): Dial {
  const messages: Dial["messages"] = new Queue();
  const drains = new Queue<void>();
  const pongs = new Queue<Uint8Array>();
  const activities = new Queue<void>();
  let open: (info: OpenInfo) => void;
  let close: (info: CloseInfo) => void;
  const opened = new Promise<OpenInfo>((resolve, reject) => {
    open = resolve;
    close = (info) => reject(info.error ?? new Error(`Closed with ${info.code}`));
  });
  opened.catch(() => {});
  const closed = new Promise<CloseInfo>((resolve) => {
    const fail = close;
    close = (info) => {
      fail(info);
      messages.end(new Error(`Closed with ${info.code}`));
      resolve(info);
    };
  });
  const listener: ConnectionListener = {
    onOpen: (info) => open(info),
    onMessage: (message, bytes) => messages.put({ message, bytes }),
    onClose: (info) => close(info),
    onDrain: () => drains.put(),
    onPong: (payload) => pongs.put(payload),
    onActivity: () => activities.put(),
  };
  const connection = transport.connect(
    {
      url,
      protocols: [],
      noDelay: true,
      highWaterMark: 1_048_576,
      attempt: 0,
      signal: new AbortController().signal,
      ...request,
    },
    listener,
  );
  onTestFinished(() => connection.terminate());
  return { connection, opened, closed, messages, drains, pongs, activities };
}

/** The error of a dial that must fail. */
export async function failure(dialing: Dial): Promise<ConnectError> {
  const { error } = await dialing.closed;
  return error as ConnectError;
}
