import type { Sample, Traffic } from "../task.ts";
import { open, type Context, type Meter } from "./context.ts";
import { decoder } from "./dialect.ts";
import { trafficQuery } from "./traffic.ts";

/** Counts what arrives; each message is looked at as far as its length. */
export async function receive(traffic: Traffic, context: Context): Promise<Sample> {
  const { size, warmUp, messages, deflate, dialect } = traffic;
  const total = warmUp + messages;
  const decode = decoder(dialect, context);
  let seen = 0;
  let units = 0;
  let meter: Meter | undefined;
  let finish: (sample: Sample) => void;
  const finished = new Promise<Sample>((resolve) => (finish = resolve));
  const onMessage = (message: string | Uint8Array): void => {
    units += (decode === undefined ? message : decode(message)).length;
    if (++seen === warmUp) meter = context.start();
    else if (seen === total) finish(meter!.end(messages));
  };
  const url = context.url("receive", { ...trafficQuery(traffic), total });
  using client = await open(context, url, { deflate, onMessage });
  client.socket.send(begin(dialect));
  const sample = await finished;
  if (units !== total * size) throw new Error(`${units} units arrived, not ${total * size}`);
  return sample;
}

/** The message that the server waits for. */
function begin(dialect: Traffic["dialect"]): string {
  return dialect === "graphql" ? '{"id":"1","type":"subscribe"}' : "begin";
}
