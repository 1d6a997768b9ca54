import { DROP } from "./message.ts";
import type { Message } from "./message.ts";
import type { MessageContext, Outgoing } from "./plugin.ts";
import { isThenable } from "./plugins.ts";
import type { Entry, Fault, With } from "./plugins.ts";

/** What a message became on its way through every `onSend`. */
export type Filtered = Message | typeof DROP;

/**
 * The `onSend` waterfall, first plugin to last. Synchronous until a hook returns a promise; then the whole
 * answer is one.
 */
export function filterOutgoing(
  message: Message,
  hooks: readonly With<"onSend">[],
  context: MessageContext,
  fault: Fault,
  from = 0,
): Filtered | Promise<Filtered> {
  for (let i = from; i < hooks.length; i++) {
    const entry = hooks[i]!;
    let result: Outgoing | Promise<Outgoing>;
    try {
      result = entry.plugin.onSend(message, context);
    } catch (error) {
      fault(entry, "onSend", error);
      continue;
    }
    if (result === DROP) return DROP;
    if (isThenable(result)) {
      const given = message;
      const next = i + 1;
      return result
        .then(
          (value) => checked(value, given, entry, fault),
          (error: unknown) => (fault(entry, "onSend", error), given),
        )
        .then((value) =>
          value === DROP ? DROP : filterOutgoing(value, hooks, context, fault, next),
        );
    }
    message = checked(result, message, entry, fault) as Message;
  }
  return message;
}

function checked(result: unknown, message: Message, entry: Entry, fault: Fault): Filtered {
  if (result === undefined) return message;
  if (typeof result === "string" || result instanceof Uint8Array || result === DROP) return result;
  fault(entry, "onSend", new TypeError(`onSend answered ${typeof result}, which is no message`));
  return message;
}
