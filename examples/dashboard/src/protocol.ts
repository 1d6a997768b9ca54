// What client and server say to each other, one JSON text message each.
//
//   client                                  server
//     │── auth {token} ──────────────────────►│
//     │◄── authenticated ─────────────────────│   or error, then close 4401
//     │── subscribe {channels} ──────────────►│
//     │◄── subscribed {channels} ─────────────│   or error {channel}
//     │◄── trade {channel, price} ────────────│   many times a second
//     │── ping ──────────────────────────────►│
//     │◄── pong ──────────────────────────────│
//     │── order {number} ────────────────────►│
//     │◄── receipt {number} ──────────────────│

/** What is traded; each is a channel. */
export const symbols = [
  "ALPHA",
  "BRAVO",
  "CHARLIE",
  "DELTA",
  "ECHO",
  "FOXTROT",
  "GOLF",
  "HOTEL",
] as const;

/** The path of the feed. */
export const feedPath = "/feed";
/** The path where a page of this server gets its token. */
export const tokenPath = "/token";
/** The path of the switches that hurt the feed. */
export const controlPath = "/control";

/** A price, and on which channel. */
export interface Trade {
  readonly type: "trade";
  readonly channel: string;
  readonly price: number;
}
/** The server has the order with this number. */
export interface Receipt {
  readonly type: "receipt";
  readonly number: number;
}
export type ServerMessage =
  | { readonly type: "authenticated" }
  | { readonly type: "subscribed" | "unsubscribed"; readonly channels: readonly string[] }
  | { readonly type: "error"; readonly reason: string; readonly channel?: string }
  | { readonly type: "pong" }
  | Trade
  | Receipt;
export type ClientMessage =
  | { readonly type: "auth"; readonly token: string }
  | { readonly type: "subscribe" | "unsubscribe"; readonly channels: readonly string[] }
  | { readonly type: "ping" }
  | { readonly type: "order"; readonly number: number };

/** How the server fares: by itself, or as it was told to. */
export type Condition = "well" | "silent" | "refusing" | "slow" | "restarting";
/** What the server can be told at `controlPath`. */
export const actions = ["drop", "restart", "silence", "refuse", "slow", "restore"] as const;
export type Action = (typeof actions)[number];

export function encode(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/** What a client received; `undefined` when it is none of the messages above. */
export function decodeServerMessage(text: unknown): ServerMessage | undefined {
  return decode<ServerMessage>(text, {
    authenticated: () => true,
    subscribed: hasChannels,
    unsubscribed: hasChannels,
    error: ({ reason }) => typeof reason === "string",
    pong: () => true,
    trade: ({ channel, price }) => typeof channel === "string" && Number.isFinite(price),
    receipt: hasNumber,
  });
}

/** What a server received; `undefined` when it is none of the messages above. */
export function decodeClientMessage(text: unknown): ClientMessage | undefined {
  return decode<ClientMessage>(text, {
    auth: ({ token }) => typeof token === "string",
    subscribe: hasChannels,
    unsubscribe: hasChannels,
    ping: () => true,
    order: hasNumber,
  });
}

type Fields = Readonly<Record<string, unknown>>;

function decode<T extends { readonly type: string }>(
  text: unknown,
  checks: Readonly<Record<T["type"], (fields: Fields) => boolean>>,
): T | undefined {
  if (typeof text !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Fields;
  const type = fields["type"] as T["type"];
  return Object.hasOwn(checks, type) && checks[type](fields) ? (value as T) : undefined;
}

function hasChannels({ channels }: Fields): boolean {
  return Array.isArray(channels) && channels.every((channel) => typeof channel === "string");
}
function hasNumber({ number }: Fields): boolean {
  return Number.isSafeInteger(number);
}
