import { nextTurn } from "../clock.ts";
import { payloadText } from "../load/payload-text.ts";
import type { Extent, Sample, Traffic } from "../task.ts";
import { open, type Context } from "./context.ts";
import { encoder } from "./dialect.ts";
import { Progress } from "./progress.ts";
import { bytes, trafficQuery } from "./traffic.ts";

/** Bytes a burst has at most, and bytes that may wait in the client before the next. */
const most = 262_144;
/** Messages of a burst at most. */
const longest = 100;

/**
 * Sends bursts, each in one turn of the event loop. What is measured is when the server has counted so many
 * messages, which it says again and again.
 */
export async function send(
  task: Traffic & { readonly extent: Extent },
  context: Context,
): Promise<Sample> {
  const { size, data, dialect, deflate, extent } = task;
  const text = payloadText(size);
  const message = data === "text" ? text : bytes(text);
  const encode = encoder(dialect, context);
  const progress = new Progress(extent, context.start);
  let sample: Sample | undefined;
  let told = (): void => {};
  const onMessage = (): void => {
    sample ??= progress.reach();
    told();
  };
  const url = context.url("count", { ...trafficQuery(task), ...marksOf(extent) });
  using client = await open(context, url, { deflate, onMessage });
  const { socket } = client;
  const each = Math.max(1, Math.min(longest, Math.floor(most / size)));
  const one = encode === undefined ? () => socket.send(message) : () => socket.send(encode(text));

  let sent = 0;
  while (sample === undefined) {
    // A counted span begins when the warm-up has arrived as a whole; a timed one in the middle of the stream.
    const burst = "step" in extent ? each : Math.min(each, progress.next - sent);
    if (burst === 0) await new Promise<void>((resolve) => (told = resolve));
    for (let n = 0; n < burst; n++) one();
    sent += burst;
    do await nextTurn();
    while (socket.bufferedAmount > most);
  }
  return sample;
}

/** When the server has to say how far it is. */
export function marksOf(extent: Extent): Record<string, string | number> {
  return "step" in extent
    ? { every: extent.step }
    : { marks: `${extent.warmUp},${extent.warmUp + extent.messages}` };
}
