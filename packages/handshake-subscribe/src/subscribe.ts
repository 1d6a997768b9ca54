import type { Handshake } from "@stream-tungstenite/core";
import { liveSubscriptions } from "./live-subscriptions.ts";
import { check } from "./options.ts";
import type { SubscribeOptions } from "./options.ts";

/** What {@link subscribe} makes: a plugin, and the handle to change what is subscribed to. */
export interface Subscriptions extends Handshake {
  /** What is wanted now, in the order in which every connection asks for it. */
  readonly channels: readonly string[];
  /**
   * Subscribes to more: at once on a live connection, otherwise on the next, and from then on always.
   * Resolves when all of them are confirmed, across reconnects; at once for those that are. Rejects with
   * what became of the first in the list that failed, once those before it are confirmed. A channel that
   * the server refuses or does not confirm in time leaves the set, and the `error` event tells, so that a
   * promise may be ignored: it never raises an unhandled rejection.
   *
   * @throws SubscriptionRefusedError when the server refused one
   * @throws HandshakeTimeoutError when a live connection gave no answer in time
   * @throws HandshakeError when a channel was removed before it was confirmed
   * @throws ConfigurationError when one is no name; then nothing is changed
   * @throws ClientClosedError when the client has closed or given up; what was added before stays in the
   *   set, and is asked for should the client connect again
   */
  add(channels: readonly string[]): Promise<void>;
  /**
   * Unsubscribes: no later connection asks for them. Resolves when the live connection has confirmed it or
   * is gone; at once for channels that no connection serves.
   *
   * @throws SubscriptionRefusedError and HandshakeTimeoutError as `add`; the channels have left the set anyway
   * @throws ConfigurationError when one is no name; then nothing is changed
   */
  remove(channels: readonly string[]): Promise<void>;
}

/**
 * A handshake that subscribes to channels on every connection, each exactly once and in order, and a live
 * set of them.
 *
 * When the server refuses a channel:
 *
 * | channel | what happens |
 * |---|---|
 * | named here and never confirmed | the handshake fails with `SubscriptionRefusedError`, which is fatal |
 * | added later | it leaves the set; the promise of `add` rejects, the `error` event tells |
 * | confirmed earlier, refused on a new connection | it leaves the set, the `error` event tells |
 *
 * @throws ConfigurationError that lists every fault
 */
export function subscribe(
  channels: readonly string[],
  options: SubscribeOptions = {},
): Subscriptions {
  return liveSubscriptions(channels, check(channels, options));
}
