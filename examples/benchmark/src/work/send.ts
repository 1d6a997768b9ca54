import { nextTurn } from "../clock.ts";
import type { Socket } from "../client/client.ts";
import { payloadText } from "../load/payload-text.ts";
import type { Sample, Traffic } from "../task.ts";
import { open, type Context } from "./context.ts";
import { encoder } from "./dialect.ts";
import { bytes, trafficQuery } from "./traffic.ts";

/** Bytes a burst has at most, and bytes that may wait in the client before the next. */
const most = 262_144;
/** Messages of a burst at most. */
const longest = 100;

/**
 * Sends bursts, each in one turn of the event loop, and measures until the server has counted the last
 * message.
 */
export async function send(traffic: Traffic, context: Context): Promise<Sample> {
  const { size, data, dialect, deflate, warmUp, messages } = traffic;
  const text = payloadText(size);
  const message = data === "text" ? text : bytes(text);
  const encode = encoder(dialect, context);
  let reached = (): void => {};
  const mark = (): Promise<void> => new Promise((resolve) => (reached = resolve));
  const marks = `${warmUp},${warmUp + messages}`;
  const url = context.url("count", { ...trafficQuery(traffic), marks });
  using client = await open(context, url, { deflate, onMessage: () => reached() });
  const { socket } = client;
  const each = Math.max(1, Math.min(longest, Math.floor(most / size)));
  const one = encode === undefined ? () => socket.send(message) : () => socket.send(encode(text));

  const warm = mark();
  await bursts(socket, one, warmUp, each);
  await warm;
  const all = mark();
  const meter = context.start();
  await bursts(socket, one, messages, each);
  await all;
  return meter.end(messages);
}

async function bursts(
  socket: Socket,
  one: () => unknown,
  messages: number,
  each: number,
): Promise<void> {
  for (let left = messages; left > 0; left -= each) {
    for (let n = Math.min(each, left); n > 0; n--) one();
    do await nextTurn();
    while (socket.bufferedAmount > most);
  }
}
