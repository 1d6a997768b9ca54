import { describe, expect, test } from "vitest";
import type { RetryContext } from "@stream-tungstenite/retry";
import { ConnectError, ConnectionLostError, PluginError, RetriesExhaustedError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";
import { Outage } from "./outage.ts";
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
  const outage = new Outage(resolveOptions(given, []), new Plugins(given.plugins, [], note), note);
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
    const says = (name: string, answer: boolean | undefined): Plugin => ({
      name,
      shouldReconnect() {
        asked.push(name);
        return answer as boolean;
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

describe("HTTP 401 and 403", () => {
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
        seen.push(context as RetryContext<DisconnectCause>);
        return 40;
      },
    };
    const { outage, clock } = book([strategy], { random });
    outage.begin();
    expect(outage.nextDelay(dialFailed, 7, 0)).toBe(40);
    expect(outage.retries).toBe(1);
    await clock.advance(100);
    outage.begin();
    const busy = answered(503, 2_000);
    expect(outage.nextDelay(busy, 0, 0)).toBe(2_000);
    outage.nextDelay(dialFailed, 0, 0);
    const common = { random, uptime: 0, retryAfter: null };
    expect(seen).toEqual([
      { ...common, attempt: 1, previousDelay: null, elapsed: 0, uptime: 7, cause: dialFailed },
      { ...common, attempt: 2, previousDelay: 40, elapsed: 100, retryAfter: 2_000, cause: busy },
      { ...common, attempt: 3, previousDelay: 2_000, elapsed: 100, cause: dialFailed },
    ]);
    outage.forget();
    expect(outage.retries).toBe(0);
    outage.nextDelay(dialFailed, 0, 0);
    expect(seen[3]).toMatchObject({ attempt: 1, previousDelay: null, elapsed: 0 });
  });

  test("says exponentialBackoff(standard) without a strategy", () => {
    const { outage } = book([], { random: () => 0.5 });
    expect([1, 2, 3].map(() => outage.nextDelay(dialFailed, 0, 0))).toEqual([500, 1_000, 2_000]);
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
    expect(outage.nextDelay(dialFailed, 0, 0)).toBe(21);
    expect(outage.nextDelay(dialFailed, 0, 20)).toBe(21);
    expect(outage.nextDelay(dialFailed, 0, 22)).toBe(22);
    expect(outage.nextDelay(answered(503, 30), 0, 22)).toBe(30);
    const impatient = book([{ name: "s", nextDelay: () => 10 }, adjust("now", () => 0)]);
    expect(impatient.outage.nextDelay(answered(429, 50), 0, 0)).toBe(50);
    expect(impatient.outage.nextDelay(dialFailed, 0, 0)).toBe(0);
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
    expect(outage.nextDelay(answered(503, retryAfter), 0, 0)).toBe(delay);
  });

  test("is never, when the strategy gives up", async () => {
    const strategy: Plugin = {
      name: "once",
      nextDelay: ({ attempt }) => (attempt > 1 ? null : 5),
    };
    const { outage, clock } = book([strategy]);
    outage.begin();
    outage.nextDelay(dialFailed, 0, 0);
    await clock.advance(30);
    expect(() => outage.nextDelay(dialFailed, 0, 0)).toThrow(
      new RetriesExhaustedError(1, 30, { cause: dialFailed }),
    );
    expect(outage.retries).toBe(1);
  });

  test.each([-1, NaN, Infinity, "5", undefined])(
    "cannot be %o: the strategy, or who adjusted, is named",
    (delay) => {
      const impossible = (): number => delay as number;
      expect(() =>
        book([{ name: "s", nextDelay: impossible }]).outage.nextDelay(dialFailed, 0, 0),
      ).toThrow(`Plugin 's' failed in nextDelay: ${String(delay)} is not a delay in milliseconds`);
      if (delay === undefined) return;
      const plugin: Plugin = { name: "a", adjustDelay: impossible };
      expect(() => book([plugin]).outage.nextDelay(dialFailed, 0, 0)).toThrow(
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
    expect(() => book([strategy]).outage.nextDelay(dialFailed, 0, 0)).toThrow(
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
    expect(outage.nextDelay(dialFailed, 0, 0)).toBe(10);
    expect(faults).toEqual(["broken.adjustDelay"]);
  });
});
