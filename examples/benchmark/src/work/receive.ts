import type { Dialect, Extent, Sample, Traffic } from "../task.ts";
import { open, type Context } from "./context.ts";
import { decoder } from "./dialect.ts";
import { Progress } from "./progress.ts";
import { trafficQuery } from "./traffic.ts";

/** Counts what arrives; each message is looked at as far as its length. */
export async function receive(
  task: Traffic & { readonly extent: Extent },
  context: Context,
): Promise<Sample> {
  const { size, deflate, dialect, extent } = task;
  const decode = decoder(dialect, context);
  const progress = new Progress(extent, context.start);
  let seen = 0;
  let units = 0;
  let finish: (sample: Sample) => void;
  let fail: (error: Error) => void;
  const finished = new Promise<Sample>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const onMessage = (message: string | Uint8Array): void => {
    units += (decode === undefined ? message : decode(message)).length;
    if (++seen !== progress.next) return;
    const sample = progress.reach();
    if (sample === undefined) return;
    if (units === seen * size) finish(sample);
    else fail(new Error(`${units} units arrived, not ${seen * size}`));
  };
  const url = context.url("receive", { ...trafficQuery(task), total: totalOf(extent) });
  using client = await open(context, url, { deflate, onMessage });
  client.socket.send(begin(dialect));
  return await finished;
}

/** Messages that the server has to send: more than can go by where time decides. */
export function totalOf(extent: Extent): number {
  return "step" in extent ? Number.MAX_SAFE_INTEGER : extent.warmUp + extent.messages;
}

/** The message that the server waits for. */
function begin(dialect: Dialect): string {
  return dialect === "graphql" ? '{"id":"1","type":"subscribe"}' : "begin";
}
