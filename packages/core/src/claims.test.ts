import { describe, expect, test } from "vitest";
import { Claims, type Claim } from "./claims.ts";
import type { Message } from "./index.ts";
import { Pending } from "./pending.ts";
import { watch, type Outcome } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

const clock = manualClock();
function make(): { claims: Claims; delivered: Message[] } {
  const delivered: Message[] = [];
  return { claims: new Claims({ deliver: (message) => void delivered.push(message) }), delivered };
}
function claim(
  match?: (message: Message) => boolean,
  session: object = {},
): Claim & { outcome: Outcome<Message> } {
  const pending = new Pending<Message>(clock);
  return { match, session, pending, outcome: watch(pending.promise) };
}
const is = (text: string) => (message: Message) => message === text;

describe("before the release", () => {
  test("messages wait for a claim, and the application gets the others in their order", async () => {
    const { claims, delivered } = make();
    for (const text of ["a", "b", "c"]) claims.offer(text);
    expect(claims.length).toBe(3);
    const second = claim(is("b"));
    claims.add(second);
    await clock.settle();
    expect(second.outcome.value).toBe("b");
    expect(claims.length).toBe(2);
    claims.release();
    expect(delivered).toEqual(["a", "c"]);
    expect(claims.length).toBe(0);
  });

  test("the first claim that matches takes a message, once", async () => {
    const { claims } = make();
    const [no, first, second] = [claim(is("x")), claim(is("m")), claim()];
    for (const one of [no, first, second]) claims.add(one);
    claims.offer("m");
    claims.offer("n");
    await clock.settle();
    expect([no, first, second].map(({ outcome }) => outcome.value)).toEqual([undefined, "m", "n"]);
  });
});

describe("after the release", () => {
  test("messages go straight to the application", () => {
    const { claims, delivered } = make();
    claims.release();
    claims.offer("m");
    expect(delivered).toEqual(["m"]);
  });

  test("a claimed message holds those behind it back, as long as claims follow", async () => {
    const { claims, delivered } = make();
    claims.release();
    const session = {};
    const all = (async () => {
      const taken: Message[] = [];
      for (let i = 0; i < 30; i++) {
        const next = claim(undefined, session);
        claims.add(next);
        taken.push(await next.pending.promise);
        for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      }
      return taken;
    })();
    for (let i = 0; i < 31; i++) claims.offer(i.toString(36));
    for (let i = 0; i < 8; i++) await clock.settle();
    expect((await all).length).toBe(30);
    expect(delivered).toEqual(["u"]);
  });

  test("a listener may claim the next message that was held back", async () => {
    const delivered: Message[] = [];
    const late = claim(is("2"));
    const claims = new Claims({
      deliver(message) {
        delivered.push(message);
        if (message === "1") claims.add(late);
      },
    });
    for (const text of ["1", "2", "3"]) claims.offer(text);
    claims.release();
    await clock.settle();
    expect(delivered).toEqual(["1", "3"]);
    expect(late.outcome.value).toBe("2");
  });
});

describe("a claim", () => {
  test("that was removed, or is settled, takes nothing", () => {
    const { claims, delivered } = make();
    claims.release();
    const [removed, settled] = [claim(), claim()];
    claims.add(removed);
    claims.add(settled);
    claims.remove(removed);
    settled.pending.reject(new Error("timed out"));
    claims.offer("m");
    expect(delivered).toEqual(["m"]);
  });

  test("belongs to a session", () => {
    const { claims } = make();
    const [a, b] = [{}, {}];
    const [first, second, third] = [claim(is("x"), a), claim(is("x"), b), claim(is("x"), a)];
    for (const one of [first, second, third]) claims.add(one);
    expect(claims.of(a)).toEqual([first, third]);
    expect(claims.of(b)).toEqual([second]);
    expect(claims.of({})).toEqual([]);
  });

  test("that has its message is waiting no more", () => {
    const { claims } = make();
    const session = {};
    claims.add(claim(undefined, session));
    claims.offer("m");
    expect(claims.of(session)).toEqual([]);
  });

  test("whose predicate throws is over, among the waiting messages too", async () => {
    const failure = new Error("predicate");
    const fails = (): never => {
      throw failure;
    };
    const { claims, delivered } = make();
    claims.offer("early");
    const [early, late] = [claim(fails), claim(fails)];
    claims.add(early);
    claims.release();
    claims.add(late);
    claims.offer("late");
    await clock.settle();
    expect(early.outcome.error).toBe(failure);
    expect(late.outcome.error).toBe(failure);
    expect(claims.of(late.session)).toEqual([]);
    expect(delivered).toEqual(["early", "late"]);
  });
});
