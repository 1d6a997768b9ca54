// What client and server say to each other, one JSON text message each.
//
//   client                                   server
//     │── auth {token, session} ──────────────►│
//     │◄── authenticated {session} ────────────│   or error, then close 4401
//     │── subscribe {channels} ───────────────►│
//     │◄── subscribed {channels} ──────────────│
//     │◄── receipts {ranges} ──────────────────│   every order of this session in the server's books
//     │◄── trade, book {sequence, …} ──────────│   many times a second
//     │── order {number, …} ──────────────────►│
//     │◄── receipt {number, duplicate} ────────│   once the order is in the books

import type { Range } from "./ranges.ts";

/** A kind of market data that can be subscribed. */
export type Channel = "trades" | "book";
export const channels: readonly Channel[] = ["trades", "book"];

export type Side = "buy" | "sell";

/** Proves who the client is and names its session: orders are numbered within one. */
export interface Auth {
  readonly type: "auth";
  readonly token: string;
  readonly session: string;
}
export interface Subscribe {
  readonly type: "subscribe";
  readonly channels: readonly Channel[];
}
/** An order. `number` is the client's own, so that a receipt can name it and a second copy be recognised. */
export interface Order {
  readonly type: "order";
  readonly number: number;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
}
export type ClientMessage = Auth | Subscribe | Order;

export interface Authenticated {
  readonly type: "authenticated";
  readonly session: string;
}
export interface Subscribed {
  readonly type: "subscribed";
  readonly channels: readonly Channel[];
}
/** The orders of this session that the server knows, whatever connection they came on. */
export interface Receipts {
  readonly type: "receipts";
  readonly ranges: readonly Range[];
}
/** The order is in the books. `duplicate`: it was there already. */
export interface Receipt {
  readonly type: "receipt";
  readonly number: number;
  readonly duplicate: boolean;
}
/** A trade. `sequence` numbers all messages of the feed, over all channels and restarts. */
export interface Trade {
  readonly type: "trade";
  readonly sequence: number;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
}
/** One level of an order book: price, quantity. */
export type Level = readonly [price: number, quantity: number];
/** An order book; the best price of each side comes first. */
export interface Book {
  readonly type: "book";
  readonly sequence: number;
  readonly symbol: string;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
export type FeedMessage = Trade | Book;
/** The server refuses, and closes next. */
export interface Refusal {
  readonly type: "error";
  readonly reason: string;
}
export type ServerMessage = Authenticated | Subscribed | Receipts | Receipt | FeedMessage | Refusal;

export function encode(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/** What a server received; `undefined` if it is none of the messages above. */
export function decodeClientMessage(text: unknown): ClientMessage | undefined {
  const fields = parse(text);
  return fields !== undefined && isClientMessage(fields) ? fields : undefined;
}

/** What a client received; `undefined` if it is none of the messages above. */
export function decodeServerMessage(text: unknown): ServerMessage | undefined {
  const fields = parse(text);
  return fields !== undefined && isServerMessage(fields) ? fields : undefined;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

function parse(text: unknown): Fields | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

const isText: Check = (value) => typeof value === "string" && value !== "";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isSide: Check = (value) => value === "buy" || value === "sell";
const isFlag: Check = (value) => typeof value === "boolean";
const listOf =
  (is: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(is);
const pairOf =
  (is: Check): Check =>
  (value) =>
    listOf(is)(value) && (value as unknown[]).length === 2;
const isChannels = listOf((value) => channels.includes(value as Channel));
const isLevels = listOf(pairOf(Number.isFinite));

type Shape = Readonly<Record<string, Check>>;
const deal: Shape = {
  symbol: isText,
  side: isSide,
  quantity: Number.isFinite,
  price: Number.isFinite,
};
const clientShapes: Readonly<Record<ClientMessage["type"], Shape>> = {
  auth: { token: isText, session: isText },
  subscribe: { channels: isChannels },
  order: { number: isCount, ...deal },
};
const serverShapes: Readonly<Record<ServerMessage["type"], Shape>> = {
  authenticated: { session: isText },
  subscribed: { channels: isChannels },
  receipts: { ranges: listOf(pairOf(isCount)) },
  receipt: { number: isCount, duplicate: isFlag },
  trade: { sequence: isCount, ...deal },
  book: { sequence: isCount, symbol: isText, bids: isLevels, asks: isLevels },
  error: { reason: isText },
};

function isClientMessage(fields: Fields): fields is Fields & ClientMessage {
  return fits(fields, clientShapes);
}
function isServerMessage(fields: Fields): fields is Fields & ServerMessage {
  return fits(fields, serverShapes);
}
function fits(fields: Fields, shapes: Readonly<Record<string, Shape>>): boolean {
  const type = fields["type"];
  if (typeof type !== "string" || !Object.hasOwn(shapes, type)) return false;
  return Object.entries(shapes[type] ?? {}).every(([name, is]) => is(fields[name]));
}
