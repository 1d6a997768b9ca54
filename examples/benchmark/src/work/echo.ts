import { now } from "../clock.ts";
import { payloadText } from "../load/payload-text.ts";
import { quantile } from "../statistics.ts";
import type { Counted, Sample, Traffic } from "../task.ts";
import { open, type Context } from "./context.ts";
import { encoder } from "./dialect.ts";
import { bytes, trafficQuery } from "./traffic.ts";

/** Sends a message, waits until it is back, sends the next. Microseconds. */
export async function echo(traffic: Traffic & Counted, context: Context): Promise<Sample> {
  const { size, data, dialect, deflate, warmUp, messages } = traffic;
  const text = payloadText(size);
  const message = data === "text" ? (encoder(dialect, context)?.(text) ?? text) : bytes(text);
  const total = warmUp + messages;
  const trips = new Float64Array(messages);
  let sent = 0;
  let seen = 0;
  let finish: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const next = (): void => {
    sent = now();
    client.socket.send(message);
  };
  const onMessage = (): void => {
    if (seen >= warmUp) trips[seen - warmUp] = (now() - sent) * 1_000;
    if (++seen < total) next();
    else finish();
  };
  const url = context.url("echo", trafficQuery(traffic));
  using client = await open(context, url, { deflate, onMessage });
  next();
  await finished;
  const sorted = trips.toSorted();
  return {
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
  };
}
