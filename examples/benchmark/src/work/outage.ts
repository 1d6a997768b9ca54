import { now } from "../clock.ts";
import { goAway } from "../load/routes.ts";
import { quantile } from "../statistics.ts";
import type { Sample, Task } from "../task.ts";
import { open, type Context } from "./context.ts";

/**
 * Has the server go away and come back, again and again. Milliseconds from the end of the chosen delay,
 * when the server listens again, until messages can be sent: `late`; from the loss until then: `away`.
 */
export async function outage(
  { outages, down, delay }: Extract<Task, { readonly kind: "outage" }>,
  context: Context,
): Promise<Sample> {
  const away: number[] = [];
  let lost = 0;
  let opened = (): void => {};
  const url = context.url("outage", { down, reply: 1 });
  using client = await open(context, url, {
    deflate: false,
    delay,
    onMessage: () => {},
    onLost: () => (lost = now()),
    onOpen: () => opened(),
  });
  while (away.length < outages) {
    const back = new Promise<void>((resolve) => (opened = resolve));
    client.socket.send(goAway);
    await back;
    away.push(now() - lost);
  }
  const sorted = Float64Array.from(away).toSorted();
  return {
    away: quantile(sorted, 0.5),
    late: quantile(sorted, 0.5) - delay,
    latest: quantile(sorted, 1) - delay,
  };
}
