import process from "node:process";
import { sleep } from "../clock.ts";
import type { Sample, Task } from "../task.ts";
import { openMany, type Context } from "./context.ts";
import { Stopwatch } from "./stopwatch.ts";

/**
 * Bytes of heap and of resident memory per client, resident bytes of the whole process, and with heartbeats microseconds of
 * computing per client and second.
 */
export async function idle(
  { clients, heartbeat, window, settling }: Extract<Task, { readonly kind: "idle" }>,
  context: Context,
): Promise<Sample> {
  const url = context.url("idle");
  const beating = heartbeat > 0 ? { heartbeat } : {};
  const setup = { deflate: false, onMessage: () => {}, ...beating };
  // The code itself is loaded, and compiled for good, before memory is looked at: that takes the engine some
  // hundred dials, and would count as memory of the first thousand clients.
  using first = await openMany(context, url, Math.min(clients, 500), setup);
  const before = await memory(context, settling);
  using crowd = await openMany(context, url, clients, setup);
  const after = await memory(context, settling);
  const sample: Record<string, number> = {
    heap: (after.heapUsed - before.heapUsed) / clients,
    external: (after.external - before.external) / clients,
    rss: (after.rss - before.rss) / clients,
    resident: after.rss,
  };
  if (heartbeat > 0) {
    // The first beats of all clients come with their first timers.
    await sleep(heartbeat);
    const stopwatch = new Stopwatch();
    await sleep(window);
    const { wall, cpu } = stopwatch.read();
    const all = first.sockets.length + crowd.sockets.length;
    sample["cpu"] = (cpu / (wall / 1_000) / all) * 1_000;
  }
  return sample;
}

/** After what the dials left behind is gone. */
async function memory({ collect }: Context, settling: number): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 3; i++) {
    await sleep(settling / 3);
    collect();
  }
  return process.memoryUsage();
}
