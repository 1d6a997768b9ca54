import { RetriesExhaustedError, createClient } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import {
  conservative,
  exponentialBackoff,
  fast,
  fixedDelay,
  limitAttempts,
  limitElapsed,
  noRetry,
  schedule,
  seededRandom,
  standard,
} from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { outage } from "../testing/outage.ts";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { retrying } from "./retrying.ts";

parity(retrying, {
  37: async () => {
    const seen: unknown[] = [];
    const own = {
      name: "own",
      nextDelay({ attempt, cause }: { readonly attempt: number; readonly cause: unknown }) {
        seen.push(cause);
        return attempt < 3 ? attempt * 1_000 : null;
      },
    };
    const { delays, error } = await outage(own, 5);
    expect(delays).toEqual([1_000, 2_000]);
    expect(error).toBeInstanceOf(RetriesExhaustedError);
    expect(seen).toHaveLength(3);
    expect(seen[0]).toMatchObject({ code: "CONNECT", status: 503 });
  },

  38: async () => {
    const strategy = exponentialBackoff({ initial: 100, max: 1_000, factor: 3, jitter: "none" });
    expect((await outage(strategy, 5)).delays).toEqual([100, 300, 900, 1_000, 1_000]);
    // Far beyond the largest power of two that a number can hold.
    const endless = { attempt: 5_000, previousDelay: 1, elapsed: 0, uptime: 0, retryAfter: null };
    const asked = { ...endless, cause: null, random: () => 0 };
    expect(strategy.nextDelay(asked)).toBe(1_000);
  },

  39: async () => {
    const base = { initial: 100, max: 200, factor: 2 };
    const spread = async (jitter: "full" | "equal" | "decorrelated" | number): Promise<unknown> =>
      (await outage(exponentialBackoff({ ...base, jitter }), 3, { random: () => 0.5 })).delays;
    expect(await spread("full")).toEqual([50, 100, 100]);
    expect(await spread("equal")).toEqual([75, 150, 150]);
    expect(await spread(0.2)).toEqual([90, 180, 180]);
    expect(await spread("decorrelated")).toEqual([100, 200, 200]);
    const byDefault = await outage(exponentialBackoff(base), 1, { random: () => 0.25 });
    expect(byDefault.delays).toEqual([25]);
  },

  40: async () => {
    const delays = async (seed: number): Promise<unknown> =>
      (await outage(exponentialBackoff(), 4, { random: seededRandom(seed) })).delays;
    expect(await delays(1)).toEqual(await delays(1));
    expect(await delays(2)).not.toEqual(await delays(1));
  },

  41: async () => {
    const two = await outage(fixedDelay(1_000, { maxAttempts: 2 }), 5);
    expect(two.delays).toEqual([1_000, 1_000]);
    expect(two.error).toMatchObject({ attempts: 2, elapsed: 2_000, cause: { status: 503 } });
    const three = await outage(limitAttempts(exponentialBackoff(), 3), 5);
    expect(three.delays).toHaveLength(3);
    const brief = await outage(limitElapsed(fixedDelay(1_000), 2_500), 5);
    expect(brief.delays).toEqual([1_000, 1_000, 1_000]);
    expect(brief.error).toBeInstanceOf(RetriesExhaustedError);
  },

  42: async () => {
    const delays = async (preset: typeof fast, retries: number): Promise<readonly number[]> =>
      (await outage(exponentialBackoff({ ...preset, jitter: "none" }), retries)).delays;
    const quick = await delays(fast, 12);
    expect(quick.slice(0, 3)).toEqual([100, 150, 225]);
    expect(quick.slice(-2)).toEqual([5_000, 5_000]);
    expect(await delays(standard, 8)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(await delays(conservative, 8)).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000,
    ]);
  },

  43: async () => {
    const { delays, error } = await outage(fixedDelay(5_000, { maxAttempts: 10 }), 20);
    expect(delays).toEqual(Array.from({ length: 10 }, () => 5_000));
    expect(error).toMatchObject({ attempts: 10 });
    expect((await outage(schedule([10, 20, 40]), 5)).delays).toEqual([10, 20, 40]);
  },

  44: async () => {
    const { delays, error } = await outage(noRetry(), 1);
    expect(delays).toEqual([]);
    expect(error).toMatchObject({ code: "RETRIES_EXHAUSTED", attempts: 0 });
  },

  45: async () => {
    const server = await serve();
    const clock = manualClock();
    await using client = createClient({
      url: server.url,
      stableAfter: 5_000,
      clock,
      plugins: [nodeTransport(), fixedDelay(100)],
    });
    const lose = async (after: number): Promise<number> => {
      await clock.advance(after);
      const scheduled = client.once("reconnectScheduled");
      (await server.peers.take()).socket.destroy();
      const { attempt, delay } = await scheduled;
      const again = client.once("connected");
      await clock.advance(delay);
      await again;
      return attempt;
    };
    await client.connect();
    expect([await lose(0), await lose(4_999), await lose(100)]).toEqual([1, 2, 3]);
    expect([await lose(5_000), await lose(4_000)]).toEqual([1, 2]);
  },
});
