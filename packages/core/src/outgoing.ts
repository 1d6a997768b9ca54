import { DROP, toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { LinkContext } from "./message-context.ts";
import { isThenable } from "./plugins.ts";
import type { FaultHost, With } from "./plugins.ts";

/** What a message became on its way through every `onSend`. */
export type Filtered = Message | typeof DROP;

/**
 * The `onSend` waterfall, first plugin to last. Synchronous until a hook returns a promise; then the whole
 * answer is one. What comes out when the connection ended meanwhile means nothing.
 */
export function filterOutgoing(
  message: Message,
  hooks: readonly With<"onSend">[],
  context: LinkContext,
  host: FaultHost,
  from = 0,
): Filtered | Promise<Filtered> {
  for (let i = from; i < hooks.length; i++) {
    const entry = hooks[i]!;
    try {
      const result = entry.plugin.onSend(message, context);
      if (result === undefined) continue;
      if (isThenable(result)) return filterLater(result, message, hooks, context, host, i);
      if (result === DROP) return DROP;
      message = toMessage(result);
    } catch (error) {
      host.fault(entry, "onSend", error);
      // Under the policy "disconnect": the message is for the next connection and its hooks.
      if (!context.isAlive) break;
    }
  }
  return message;
}

async function filterLater(
  promise: PromiseLike<unknown>,
  message: Message,
  hooks: readonly With<"onSend">[],
  context: LinkContext,
  host: FaultHost,
  index: number,
): Promise<Filtered> {
  try {
    const result = await promise;
    if (result === DROP) return DROP;
    if (result !== undefined) message = toMessage(result as Sendable);
  } catch (error) {
    if (context.isAlive) host.fault(hooks[index]!, "onSend", error);
  }
  if (!context.isAlive) return message;
  return filterOutgoing(message, hooks, context, host, index + 1);
}
