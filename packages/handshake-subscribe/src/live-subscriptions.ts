import { ClientClosedError, HandshakeError } from "@stream-tungstenite/core";
import type { HandshakeSession, Message, PluginContext } from "@stream-tungstenite/core";
import { confirmAsJson } from "./confirm.ts";
import type { Verdict } from "./confirm.ts";
import { check } from "./options.ts";
import type { Resolved } from "./options.ts";
import { SubscriptionRefusedError } from "./refused-error.ts";
import type { Subscriptions } from "./subscribe.ts";

/**
 * How firmly a channel stands in the set:
 *
 * - 2: named when the plugin was made, never confirmed. Without it the client is not what was asked for.
 * - 1: confirmed once. It leaves only by a refusal.
 * - 0: added later, never confirmed. It leaves by any failure.
 */
type Standing = 0 | 1 | 2;

/**
 * The set, and how a connection comes to match it: in the handshake, and in an exchange whenever the set
 * has changed.
 */
export function liveSubscriptions(channels: readonly string[], options: Resolved): Subscriptions {
  const { name, format, confirm, confirmUnsubscribe, timeout, batchSize, interval } = options;
  const judge = confirm === true ? confirmAsJson : confirm;
  const wanted = new Map<string, Standing>(channels.map((channel) => [channel, 2]));
  /** For the addition of what is wanted, for the removal of what is not. */
  const waiting = new Map<(error?: unknown) => void, string>();
  /** What the server serves on this connection; the next one begins with a new set. */
  let live: Set<string>;
  /** The set of the connection that is being made to match. */
  let busy: Set<string> | undefined;
  /** When the last request was sent on this connection, milliseconds since the epoch. */
  let last: number;
  /** Null when the client has ended. */
  let context: PluginContext | null | undefined;

  /** Resolves, with the error if there was one: nobody may be there to catch it. */
  const wait = (channel: string): Promise<unknown> =>
    new Promise((resolve) => waiting.set(resolve, channel));

  /** Ends the waiting for a channel, or for all that are not wanted any more; with an error, for all. */
  const settle = (channel?: string, error?: unknown): void => {
    for (const [resolve, one] of waiting) {
      const isOver = channel ? one === channel : error || !wanted.has(one);
      if (isOver && waiting.delete(resolve)) resolve(error);
    }
  };

  const pick = (
    from: ReadonlySet<string> | ReadonlyMap<string, unknown>,
    without: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  ): readonly string[] =>
    [...from.keys()].filter((channel) => !without.has(channel)).slice(0, batchSize);

  /**
   * Makes the connection match the set: one request at a time, until nothing is missing and nothing is
   * surplus; what changes meanwhile is seen to as well. Synchronous as long as there is nothing to wait
   * for, so that no message of the application comes between.
   */
  const handshake = async (session: HandshakeSession): Promise<void> => {
    const { clock, client } = context!;
    const { signal } = session;
    const mine = live;
    if (busy === mine) return;
    busy = mine;
    try {
      for (;;) {
        // Unsubscribes come first: servers limit how many channels there may be.
        const surplus = pick(mine, wanted);
        const isAsking = !surplus[0];
        const batch = isAsking ? pick(wanted, mine) : surplus;
        if (!batch[0]) break;
        const rest = last + interval - clock.now();
        if (rest > 0) {
          // A pause that ends with the session.
          await session
            .receive(() => false, { timeout: rest })
            .catch(() => signal.throwIfAborted());
          continue;
        }
        last = clock.now();

        /** Without an answer yet. */
        const open = new Set(batch);
        const done = (some: readonly string[], error?: unknown): void => {
          for (const channel of some) {
            if (!open.has(channel)) continue;
            if (isAsking && !error) mine.add(channel);
            // Otherwise the application has changed its mind; the next request sees to that.
            if (wanted.has(channel) === isAsking) {
              if (error) {
                const isRefused = error instanceof SubscriptionRefusedError;
                if (wanted.get(channel)! > +isRefused && !client.isConnected) throw error;
                // What may be at fault must not fail every connection to come.
                wanted.delete(channel);
              } else if (isAsking) wanted.set(channel, 1);
              settle(channel, error);
            }
            open.delete(channel);
          }
          if (error) context!.report(error);
        };

        try {
          const action = isAsking ? "subscribe" : "unsubscribe";
          for (const message of [format(batch, action)].flat()) session.send(message);
          for (const channel of batch) mine.delete(channel);
          while (judge && (isAsking || confirmUnsubscribe) && open.size) {
            let verdict: Verdict | undefined;
            const isOurs = (message: Message): boolean =>
              Boolean((verdict = judge(message, [...open], action)));
            // While receiving is paused an answer may be there that cannot come in.
            await session.receive(isOurs, { timeout: timeout || Infinity }).catch((error) => {
              if (signal.aborted || !context?.paused) throw error;
            });
            const { confirmed = [], refused = [], reason } = verdict ?? {};
            done(confirmed);
            const failed = refused.filter((channel) => open.has(channel));
            if (failed[0]) done(failed, new SubscriptionRefusedError(session.step, failed, reason));
          }
          done(batch);
        } catch (error) {
          // A lost connection says nothing about channels: the next one asks again.
          if (signal.aborted) throw error;
          done(batch, error);
        }
      }
      settle();
    } finally {
      if (busy === mine) busy = undefined;
    }
  };

  const sync = (): void => {
    const status = context?.client.state.status;
    // What goes wrong there is told there.
    if (status === "connected") context!.exchange(handshake, { timeout: 0 }).catch(() => {});
    else if (status !== "handshaking") {
      // No connection; and so nothing that would have to be removed from it.
      live = new Set();
      last = -Infinity;
      settle();
    }
  };

  const change = (
    list: readonly string[],
    make: (channel: string) => Promise<unknown> | undefined,
  ): Promise<void> => {
    const changed = (async () => {
      check(list);
      const changes = list.map(make);
      sync();
      for (const one of changes) {
        const error = await one;
        if (error) throw error as Error;
      }
    })();
    // A promise that is ignored must not raise an unhandled rejection.
    changed.catch(() => {});
    return changed;
  };

  sync();
  return {
    name,
    // Each request has its own deadline: paced, all of them may take longer than a handshake should.
    handshakeTimeout: 0,
    get channels() {
      return [...wanted.keys()];
    },
    add: (list) =>
      change(list, (channel) => {
        const isLive = live.has(channel);
        if (context === null) throw new ClientClosedError();
        if (!wanted.has(channel)) {
          // A removal under way is over: nobody wants it any more.
          settle(channel);
          wanted.set(channel, +isLive as Standing);
        }
        return isLive ? undefined : wait(channel);
      }),
    remove: (list) =>
      change(list, (channel) => {
        if (wanted.delete(channel)) {
          settle(channel, new HandshakeError(`'${channel}' was removed`));
        }
        return wait(channel);
      }),
    setup(inside) {
      context = inside;
      sync();
      return () => {
        context = null;
        sync();
        settle(undefined, new ClientClosedError());
      };
    },
    handshake,
    onStateChange: sync,
  };
}
