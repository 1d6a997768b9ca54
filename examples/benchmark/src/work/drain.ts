import { now } from "../clock.ts";
import { payloadText } from "../load/payload-text.ts";
import { goAway } from "../load/routes.ts";
import type { Sample, Task } from "../task.ts";
import { open, type Context } from "./context.ts";

/**
 * Sends while the server is away. Milliseconds from the end of the chosen delay, when the server listens
 * again, until it has counted every message.
 */
export async function drain(
  { size, messages, down, delay }: Extract<Task, { readonly kind: "drain" }>,
  context: Context,
): Promise<Sample> {
  const text = payloadText(size);
  let finish: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let lose: () => void;
  const loss = new Promise<void>((resolve) => (lose = resolve));
  const url = context.url("outage", { down, marks: messages });
  using client = await open(context, url, {
    deflate: false,
    delay,
    queue: messages,
    onMessage: () => finish(),
    onLost: () => lose(),
  });
  client.socket.send(goAway);
  await loss;
  const lost = now();
  for (let n = 0; n < messages; n++) client.socket.send(text);
  const queued = now() - lost;
  await finished;
  const drained = now() - lost - delay;
  return { queued, drained, rate: (messages / drained) * 1_000 };
}
