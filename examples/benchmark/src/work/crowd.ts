import { crowdBatch } from "../load/routes.ts";
import type { Counted, Sample, Traffic } from "../task.ts";
import { openMany, type Context, type Meter } from "./context.ts";
import { trafficQuery } from "./traffic.ts";

/** Many clients that receive at once; all messages together are counted. */
export async function crowd(
  task: Traffic & Counted & { readonly clients: number },
  context: Context,
): Promise<Sample> {
  const { clients, warmUp, messages, deflate } = task;
  const each = Math.ceil((warmUp + messages) / clients / crowdBatch) * crowdBatch;
  const total = each * clients;
  let seen = 0;
  let meter: Meter | undefined;
  let finish: (sample: Sample) => void;
  const finished = new Promise<Sample>((resolve) => (finish = resolve));
  const onMessage = (): void => {
    if (++seen === warmUp) meter = context.start();
    else if (seen === total) finish(meter!.end(total - warmUp));
  };
  const url = context.url("crowd", { ...trafficQuery(task), each });
  using crowd = await openMany(context, url, clients, { deflate, onMessage });
  crowd.sockets[0]!.send("begin");
  return await finished;
}
