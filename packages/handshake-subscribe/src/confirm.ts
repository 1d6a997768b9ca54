import type { Message } from "@stream-tungstenite/core";

/** What a request asks the server to do with its channels. */
export type Action = "subscribe" | "unsubscribe";

/** What a message of the server means for the channels of the request that it answers. */
export interface Verdict {
  /** Done as requested. */
  readonly confirmed?: readonly string[] | undefined;
  readonly refused?: readonly string[] | undefined;
  /** Why those were refused; stands in the error. */
  readonly reason?: string | undefined;
}

/**
 * Judges a message, and takes it by any verdict; without one it is somebody else's. `pending` are the
 * channels of the request that have no answer yet.
 */
export type Confirm = (
  message: Message,
  pending: readonly string[],
  action: Action,
) => Verdict | undefined;

/**
 * Judges messages as `confirm: true` does: `{"type":"subscribed"}`, or `{"type":"unsubscribed"}`, confirms
 * its `channels`, without them the request; `{"type":"error","channel":…}` refuses that one.
 */
export const confirmAsJson: Confirm = (message, pending, action) => {
  try {
    const { type, channel, channels, reason } = JSON.parse(message as string) as Answer;
    if (type === `${action}d`) return { confirmed: [channels ?? pending].flat() };
    if (type === "error" && pending.includes(channel)) return { refused: [channel], reason };
  } catch {
    // Not JSON, or null: none of ours.
  }
};

interface Answer {
  readonly type?: unknown;
  readonly channel: string;
  readonly channels?: readonly string[] | null;
  readonly reason?: string;
}
