import type { Sample, Task } from "../task.ts";
import type { Context } from "./context.ts";
import { AllocationMeter } from "./allocation-meter.ts";
import { receive } from "./receive.ts";
import { send } from "./send.ts";

/**
 * Receives or sends, and counts the bytes that are allocated meanwhile. `beyond` are those of our own files without
 * the `Uint8Array` that a binary message is for the application, whoever makes it.
 */
export async function allocate(
  task: Extract<Task, { readonly kind: "allocate" }>,
  context: Context,
): Promise<Sample> {
  const { direction, data } = task;
  const run = direction === "receive" ? receive : send;
  const sample = await run(task, { ...context, start: () => new AllocationMeter() });
  const message = direction === "receive" && data === "binary" ? bytesOfView() : 0;
  return { ...sample, beyond: Math.max(0, sample["own"]! - message) };
}

/** Bytes on the heap for a `Uint8Array` on memory that is there already. */
function bytesOfView(): number {
  const memory = new ArrayBuffer(65_536);
  const count = 100_000;
  // What nobody can reach the engine need not make.
  const views: Uint8Array[] = [];
  const meter = new AllocationMeter();
  for (let i = 0; i < count; i++) views[i % 100] = new Uint8Array(memory, i % 60_000, 64);
  return meter.end(count)["all"]!;
}
