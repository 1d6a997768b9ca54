import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ordeal, type Outcome } from "./ordeal.ts";
import { actions, hooks, type Action, type Hook, type Sabotage } from "./saboteur.ts";

const policies = ["ignore", "disconnect"] as const;
const everyAction = Object.keys(actions) as readonly Action[];

/** What holds whatever plugins do. */
function expectAnEnd({ events, ...outcome }: Outcome, told: string): void {
  expect(outcome, `${told} leaves nothing behind`).toMatchObject({
    live: 0,
    timers: 0,
    unsettled: 0,
    status: "closed",
  });
  expect(outcome.maxLive, `${told} never makes two sockets`).toBeLessThanOrEqual(1);
  expect(events.at(-1), `${told} ends with closed`).toBe("closed");
}

test("a client among peaceful plugins goes through all that is meant to happen", async () => {
  const peaceful = hooks.map((hook) => ({ hook, action: "nothing" as const, times: Infinity }));
  const { events, received, errors } = await ordeal([peaceful], "ignore");
  expect(new Set(events)).toEqual(
    new Set([
      "connecting",
      "open",
      "connected",
      "lagged",
      "disconnected",
      "dropped",
      "reconnectScheduled",
      "error",
      "shutdown",
      "closed",
    ]),
  );
  expect(received).toEqual(["to the server", "again"]);
  expect(errors).toMatchObject([{ code: "CONNECT" }]);
});

describe.each(policies)("under pluginErrorPolicy '%s'", (policy) => {
  describe.each(hooks)("%s", (hook) => {
    test.each(everyAction)("that %s brings no client down", async (action) => {
      for (const times of [1, 4]) {
        const outcome = await ordeal([[{ hook, action, times }]], policy);
        expectAnEnd(outcome, `${hook} that ${action}`);
      }
    });

    test("that throws is reported, with the plugin's name and the hook's", async () => {
      const { errors } = await ordeal([[{ hook, action: "throws", times: 1 }]], policy);
      const expected =
        hook === "handshake"
          ? { code: "HANDSHAKE", step: "saboteur-0", cause: { message: "sabotage" } }
          : { code: "PLUGIN", plugin: "saboteur-0", hook, cause: { message: "sabotage" } };
      expect(errors).toContainEqual(expect.objectContaining(withCause(expected)));
      const told = errors.find(({ cause }) => (cause as Error)?.message === "sabotage")!;
      expect(told.message).toMatch(/saboteur-0/);
      expect(told.message).toMatch(/sabotage/);
    });
  });
});

const withCause = ({ cause, ...rest }: { cause: object }): object => ({
  ...rest,
  cause: expect.objectContaining(cause) as unknown,
});

describe("a throw in a waterfall", () => {
  const once = (hook: Hook): Sabotage[] => [{ hook, action: "throws", times: 1 }];

  test.each(["onMessage", "onSend"] as const)(
    "of %s keeps the connection and the message under 'ignore'",
    async (hook) => {
      const { causes, events, received } = await ordeal([once(hook)], "ignore");
      expect(causes).toMatchObject([{ code: "CONNECTION_LOST" }, undefined]);
      expect(events.filter((event) => event === "connected")).toHaveLength(2);
      expect(received).toEqual(["to the server", "again"]);
    },
  );

  test.each(["onMessage", "onSend"] as const)(
    "of %s costs the connection under 'disconnect', and the client comes back",
    async (hook) => {
      const { causes, events, received } = await ordeal([once(hook)], "disconnect");
      expect(causes[0]).toMatchObject({ code: "PLUGIN", plugin: "saboteur-0", hook });
      expect(events.filter((event) => event === "connected")).toHaveLength(2);
      expect(received).toEqual(["to the server", "again"]);
    },
  );
});

test("any combination of saboteurs leaves a client that can be closed, with one socket at most", async () => {
  const deed: fc.Arbitrary<Sabotage> = fc.record({
    hook: fc.constantFrom(...hooks),
    action: fc.constantFrom(...everyAction),
    times: fc.integer({ min: 1, max: 3 }),
  });
  // Of strategies there may be one.
  const hasOneStrategy = (plugins: readonly (readonly Sabotage[])[]): boolean =>
    plugins.filter((deeds) => deeds.some(({ hook }) => hook === "nextDelay")).length <= 1;
  const plugins = fc
    .array(fc.array(deed, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
    .filter(hasOneStrategy);
  await fc.assert(
    fc.asyncProperty(plugins, fc.constantFrom(...policies), async (given, policy) => {
      expectAnEnd(await ordeal(given, policy), JSON.stringify(given));
    }),
    { numRuns: 500 },
  );
});
