import { describe, expect, test } from "vitest";
import type { RetryContext } from "@stream-tungstenite/retry";
import { ConnectError, ConnectionLostError, PluginError, RetriesExhaustedError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";
import { Outage } from "./outage.ts";
import type { Loss } from "./outage.ts";
import type { ClientOptions } from "./options.ts";
import type { Plugin } from "./plugin.ts";
import { Plugins } from "./plugins.ts";
import { resolveOptions } from "./resolve-options.ts";
import { manualClock } from "./testing/index.ts";
import type { ManualClock } from "./testing/index.ts";

const transport: Plugin = {
  name: "none",
  connect() {
    throw new Error("no network here");
  },
};
const dialFailed = new ConnectError("refused", { phase: "tcp" });
const fatal = new ConnectionLostError({ code: 1008, reason: "", wasClean: true });
const answered = (status: number, retryAfter?: number): ConnectError =>
  new ConnectError("no", { phase: "upgrade", status, retryAfter });

const loss = (cause: DisconnectCause, uptime = 0, floor = 0): Loss => ({ cause, uptime, floor });

interface Book {
  readonly outage: Outage;
  readonly clock: ManualClock;
  readonly faults: string[];
}
function book(plugins: readonly Plugin[] = [], options: Partial<ClientOptions> = {}): Book {
  const clock = manualClock();
  const faults: string[] = [];
  const note = ({ name }: { readonly name: string }, hook: string): void => {
    faults.push(`${name}.${hook}`);
  };
  const given = { url: "ws://server.test/", ...options, plugins: [transport, ...plugins], clock };
  const outage = new Outage({
    options: resolveOptions(given, []),
    plugins: new Plugins(given.plugins, [], { fault: note }),
    fault: note,
  });
  return { outage, clock, faults };
}

describe("whether to retry", () => {
  test("is what isTransient says, by default", () => {
    const { outage } = book();
    expect(outage.isWorthRetrying(dialFailed)).toBe(true);
    expect(outage.isWorthRetrying(fatal)).toBe(false);
  });

  test("is asked of the plugins first: the first answer wins, before the option", () => {
    const asked: string[] = [];
    const says = (name: string, answer: boolean | void): Plugin => ({
      name,
      shouldReconnect() {
        asked.push(name);
        return answer;
      },
    });
    const { outage } = book([says("a", undefined), says("b", true), says("c", false)], {
      shouldReconnect: () => {
        asked.push("option");
        return false;
      },
    });
    expect(outage.isWorthRetrying(fatal)).toBe(true);
    expect(asked).toEqual(["a", "b"]);
    const other = book([says("a", false)]);
    expect(other.outage.isWorthRetrying(dialFailed)).toBe(false);
  });

  test("is asked of the option next, which replaces isTransient and may take its time", async () => {
    const causes: DisconnectCause[] = [];
    const { outage } = book([{ name: "silent", shouldReconnect: () => {} }], {
      shouldReconnect: async (cause) => {
        causes.push(cause);
        return true;
      },
    });
    expect(await outage.isWorthRetrying(fatal)).toBe(true);
    expect(causes).toEqual([fatal]);
    expect(book([], { shouldReconnect: () => false }).outage.isWorthRetrying(dialFailed)).toBe(
      false,
    );
  });

  test("skips a plugin that throws, and tells of it", () => {
    const broken: Plugin = {
      name: "broken",
      shouldReconnect() {
        throw new Error("oops");
      },
    };
    const { outage, faults } = book([broken]);
    expect(outage.isWorthRetrying(dialFailed)).toBe(true);
    expect(faults).toEqual(["broken.shouldReconnect"]);
  });

  test("rejects with what the option throws", async () => {
    const error = new Error("oops");
    const { outage } = book([], {
      shouldReconnect: () => {
        throw error;
      },
    });
    await expect(outage.isWorthRetrying(fatal)).rejects.toBe(error);
  });
});

describe("HTTP 401, 403 and 407", () => {
  const fresh: Partial<ClientOptions>[] = [
    { url: () => "ws://server.test/" },
    { protocols: () => ["token"] },
  ];
  test.each(fresh)("are retried once per outage when %o gives fresh credentials", (options) => {
    const { outage } = book([], options);
    expect([401, 401, 403].map((status) => outage.isWorthRetrying(answered(status)))).toEqual([
      true,
      false,
      false,
    ]);
    outage.forget();
    expect([403, 401].map((status) => outage.isWorthRetrying(answered(status)))).toEqual([
      true,
      false,
    ]);
  });

  test("are retried once when a plugin has fresh credentials", () => {
    const { outage } = book([{ name: "headers", freshCredentials: true }]);
    expect([401, 403].map((status) => outage.isWorthRetrying(answered(status)))).toEqual([
      true,
      false,
    ]);
    outage.forget();
    expect(outage.isWorthRetrying(answered(407))).toBe(true);
  });

  test("are final where the next attempt would say the same", () => {
    expect(book().outage.isWorthRetrying(answered(401))).toBe(false);
  });

  test("alone are worth it: a 404 stays final", () => {
    expect(book([], fresh[0]).outage.isWorthRetrying(answered(404))).toBe(false);
  });
});

describe("when to retry", () => {
  test("says the strategy, which sees the whole book", async () => {
    const seen: RetryContext<DisconnectCause>[] = [];
    const random = (): number => 0.5;
    const strategy: Plugin = {
      name: "s",
      nextDelay(context) {
        seen.push(context);
        return 40;
      },
    };
    const { outage, clock } = book([strategy], { random });
    outage.begin();
    expect(outage.nextDelay(loss(dialFailed, 7, 0))).toBe(40);
    expect(outage.retries).toBe(1);
    await clock.advance(100);
    outage.begin();
    const busy = answered(503, 2_000);
    expect(outage.nextDelay(loss(busy))).toBe(2_000);
    outage.nextDelay(loss(dialFailed));
    const common = { random, uptime: 0, retryAfter: null };
    expect(seen).toEqual([
      { ...common, attempt: 1, previousDelay: null, elapsed: 0, uptime: 7, cause: dialFailed },
      { ...common, attempt: 2, previousDelay: 40, elapsed: 100, retryAfter: 2_000, cause: busy },
      { ...common, attempt: 3, previousDelay: 2_000, elapsed: 100, cause: dialFailed },
    ]);
    outage.forget();
    expect(outage.retries).toBe(0);
    outage.nextDelay(loss(dialFailed));
    expect(seen[3]).toMatchObject({ attempt: 1, previousDelay: null, elapsed: 0 });
  });

  test("says exponentialBackoff(standard) without a strategy", () => {
    const { outage } = book([], { random: () => 0.5 });
    expect([1, 2, 3].map(() => outage.nextDelay(loss(dialFailed)))).toEqual([500, 1_000, 2_000]);
  });

  test("is adjusted by plugins in list order, above floor and Retry-After", () => {
    const adjust = (name: string, change: (delay: number) => number | void): Plugin => ({
      name,
      adjustDelay: change,
    });
    const { outage } = book([
      { name: "s", nextDelay: () => 10 },
      adjust("double", (delay) => delay * 2),
      adjust("silent", () => {}),
      adjust("more", (delay) => delay + 1),
    ]);
    expect(outage.nextDelay(loss(dialFailed))).toBe(21);
    expect(outage.nextDelay(loss(dialFailed, 0, 20))).toBe(21);
    expect(outage.nextDelay(loss(dialFailed, 0, 22))).toBe(22);
    expect(outage.nextDelay(loss(answered(503, 30), 0, 22))).toBe(30);
    const impatient = book([{ name: "s", nextDelay: () => 10 }, adjust("now", () => 0)]);
    expect(impatient.outage.nextDelay(loss(answered(429, 50)))).toBe(50);
    expect(impatient.outage.nextDelay(loss(dialFailed))).toBe(0);
  });

  test.each([
    [0, 10],
    [11, 11],
    [3_600_000, 3_600_000],
    [9_999_999, 3_600_000],
    [Infinity, 3_600_000],
    [-5, 10],
    [NaN, 10],
  ])("has Retry-After for a floor, at most an hour: %d", (retryAfter, delay) => {
    const { outage } = book([{ name: "s", nextDelay: () => 10 }]);
    expect(outage.nextDelay(loss(answered(503, retryAfter)))).toBe(delay);
  });

  test.each([
    [0, 0],
    [7, 7],
    [9_999_999, 3_600_000],
    [-5, null],
    [NaN, null],
    [undefined, null],
  ])("tells the strategy of a Retry-After of %s as %s", (asked, expected) => {
    const seen: (number | null)[] = [];
    const strategy: Plugin = {
      name: "s",
      nextDelay({ retryAfter }) {
        seen.push(retryAfter);
        return 10;
      },
    };
    book([strategy]).outage.nextDelay(loss(answered(503, asked)));
    expect(seen).toEqual([expected]);
  });

  test("is never, when the strategy gives up", async () => {
    const strategy: Plugin = {
      name: "once",
      nextDelay: ({ attempt }) => (attempt > 1 ? null : 5),
    };
    const { outage, clock } = book([strategy]);
    outage.begin();
    outage.nextDelay(loss(dialFailed));
    await clock.advance(30);
    expect(() => outage.nextDelay(loss(dialFailed))).toThrow(
      new RetriesExhaustedError(1, 30, { cause: dialFailed }),
    );
    expect(outage.retries).toBe(1);
  });

  test.each([-1, NaN, Infinity, undefined])(
    "cannot be %o: the strategy, or who adjusted, is named",
    (delay) => {
      const impossible = (): number => delay as number;
      expect(() =>
        book([{ name: "s", nextDelay: impossible }]).outage.nextDelay(loss(dialFailed)),
      ).toThrow(`Plugin 's' failed in nextDelay: ${String(delay)} is not a delay in milliseconds`);
      if (delay === undefined) return;
      const plugin: Plugin = { name: "a", adjustDelay: impossible };
      expect(() => book([plugin]).outage.nextDelay(loss(dialFailed))).toThrow(
        `Plugin 'a' failed in adjustDelay: ${String(delay)} is not a delay in milliseconds`,
      );
    },
  );

  test("cannot be said by a strategy that throws", () => {
    const error = new Error("oops");
    const strategy: Plugin = {
      name: "s",
      nextDelay() {
        throw error;
      },
    };
    expect(() => book([strategy]).outage.nextDelay(loss(dialFailed))).toThrow(
      new PluginError("s", "nextDelay", { cause: error }),
    );
  });

  test("skips an adjustment that throws, and tells of it", () => {
    const { outage, faults } = book([
      { name: "s", nextDelay: () => 10 },
      {
        name: "broken",
        adjustDelay() {
          throw new Error("oops");
        },
      },
    ]);
    expect(outage.nextDelay(loss(dialFailed))).toBe(10);
    expect(faults).toEqual(["broken.adjustDelay"]);
  });
});

describe("the judgement", () => {
  const judged = (options: Partial<ClientOptions>, plugins: readonly Plugin[] = []) => {
    const { outage } = book([{ name: "s", nextDelay: () => 10 }, ...plugins], options);
    const told: unknown[] = [];
    const cancel = outage.judge(
      loss(dialFailed),
      (delay) => told.push(delay),
      (error) => told.push(error),
    );
    return { outage, told, cancel };
  };

  test("comes at once when nobody takes time", () => {
    expect(judged({})).toMatchObject({ told: [10], cancel: undefined });
    const refused = judged({ shouldReconnect: () => false });
    expect(refused).toMatchObject({ told: [dialFailed], cancel: undefined });
    expect(refused.outage.retries).toBe(0);
  });

  test("comes later when the option takes time, or never when it is cancelled", async () => {
    const slow = judged({ shouldReconnect: async () => true });
    const failing = judged({ shouldReconnect: () => Promise.reject(new Error("oops")) });
    const cancelled = [true, false].map((answer) =>
      judged({ shouldReconnect: () => (answer ? Promise.resolve(true) : Promise.reject(answer)) }),
    );
    for (const { cancel } of cancelled) cancel!();
    expect([slow.told, failing.told]).toEqual([[], []]);
    await Promise.resolve();
    await Promise.resolve();
    expect(slow.told).toEqual([10]);
    expect(failing.told).toMatchObject([
      { code: "PLUGIN", plugin: "options", hook: "shouldReconnect" },
    ]);
    expect(cancelled.map(({ told, outage }) => [told, outage.retries])).toEqual([
      [[], 0],
      [[], 0],
    ]);
  });

  test("is to give up when no delay can be had", () => {
    const broken: Plugin = { name: "a", adjustDelay: () => NaN };
    expect(judged({}, [broken]).told).toMatchObject([{ code: "PLUGIN", plugin: "a" }]);
  });
});
