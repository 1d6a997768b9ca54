import type { Sample, Task } from "../task.ts";
import type { Context } from "./context.ts";
import { AllocationMeter } from "./allocation-meter.ts";
import { receive } from "./receive.ts";
import { send } from "./send.ts";

/** Receives or sends, and counts the bytes that are allocated meanwhile. */
export function allocate(
  task: Extract<Task, { readonly kind: "allocate" }>,
  context: Context,
): Promise<Sample> {
  const run = task.direction === "receive" ? receive : send;
  return run(task, { ...context, start: () => new AllocationMeter() });
}
