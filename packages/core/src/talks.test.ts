import { describe, expect, test, vi } from "vitest";
import { Claims } from "./claims.ts";
import { ConnectionLostError, HandshakeError, HandshakeTimeoutError } from "./errors.ts";
import type { Link } from "./link.ts";
import type { Session } from "./session.ts";
import { Talks } from "./talks.ts";
import { watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

function make(): {
  clock: ReturnType<typeof manualClock>;
  link: { paused: boolean; claims: Claims };
  talks: Talks;
} {
  const clock = manualClock();
  const link = { clock, paused: false, claims: new Claims({ deliver() {} }), metadata: new Map() };
  return { clock, link, talks: new Talks(link as unknown as Link) };
}
const never = (): Promise<never> => new Promise(() => {});
const lost = new ConnectionLostError({ code: 1006, reason: "", wasClean: false });

describe("a talk", () => {
  test("gives what it returns, and leaves no timer behind", async () => {
    const { clock, talks } = make();
    const talk = watch(talks.converse("step", async () => 7, 10));
    await clock.settle();
    expect(talk.value).toBe(7);
    expect(clock.pending).toBe(0);
  });

  test("throws what it throws, at once or later", async () => {
    const { clock, talks } = make();
    const failure = new Error("own");
    const sync = watch(
      talks.converse(
        "step",
        () => {
          throw failure;
        },
        10,
      ),
    );
    const late = watch(talks.converse("step", () => Promise.reject(failure), 10));
    await clock.settle();
    expect([sync.error, late.error]).toEqual([failure, failure]);
    expect(clock.pending).toBe(0);
  });

  test("names its step in a handshake's error that names none", async () => {
    const { clock, talks } = make();
    const unnamed = new HandshakeError("no");
    const named = new HandshakeError("no", { step: "other" });
    watch(talks.converse("step", () => Promise.reject(unnamed), 10));
    watch(talks.converse("step", () => Promise.reject(named), 10));
    await clock.settle();
    expect(unnamed.step).toBe("step");
    expect(named.step).toBe("other");
  });

  test("is under way until its promise is settled", async () => {
    const { clock, talks } = make();
    expect(talks.areUnderWay).toBe(false);
    watch(talks.converse("step", async () => {}, 10));
    expect(talks.areUnderWay).toBe(true);
    await clock.settle();
    expect(talks.areUnderWay).toBe(false);
  });

  test("leaves no claim behind", async () => {
    const { clock, link, talks } = make();
    let session: Session | undefined;
    const talk = watch(
      talks.converse(
        "step",
        async (given) => {
          session = given;
          void given.receive();
        },
        10,
      ),
    );
    expect(session?.isReceiving).toBe(true);
    await clock.settle();
    expect(talk.status).toBe("resolved");
    expect(link.claims.of(session!)).toEqual([]);
  });

  test("has a deadline that rests while receiving is paused", async () => {
    const { clock, link, talks } = make();
    const talk = watch(talks.converse("step", never, 10));
    link.paused = true;
    await clock.advance(35);
    expect(talk.status).toBe("pending");
    link.paused = false;
    await clock.advance(5);
    expect(talk.error).toBeInstanceOf(HandshakeTimeoutError);
  });

  test("has no deadline with a timeout of 0", () => {
    const { clock, talks } = make();
    watch(talks.converse("step", never, 0));
    expect(clock.pending).toBe(0);
  });

  test("is not begun under a signal that has aborted", async () => {
    const { clock, talks } = make();
    const run = vi.fn<() => Promise<never>>(never);
    const reason = new Error("enough");
    const talk = watch(talks.converse("step", run, 10, AbortSignal.abort(reason)));
    await clock.settle();
    expect(run).not.toHaveBeenCalled();
    expect(talk.error).toBe(reason);
  });
});

describe("the end of the connection", () => {
  test("ends at once a talk that does not wait for a message", async () => {
    const { clock, talks } = make();
    let session: Session | undefined;
    const talk = watch(
      talks.converse(
        "step",
        (given) => {
          session = given;
          return never();
        },
        10,
      ),
    );
    expect(talks.end(lost)).toBe(false);
    await clock.settle();
    expect(talk.error).toBe(lost);
    expect(session?.signal.reason).toBe(lost);
  });

  test("lets a talk that waits for a message judge, within its deadline", async () => {
    const { clock, link, talks } = make();
    const verdict = new Error("verdict");
    const judge = watch(
      talks.converse(
        "judge",
        (session) =>
          session.receive().catch(() => {
            throw verdict;
          }),
        10,
      ),
    );
    const slow = watch(talks.converse("slow", (session) => session.receive().catch(never), 10));
    link.paused = true;
    expect(talks.end(lost)).toBe(true);
    await clock.settle();
    expect(judge.error).toBe(verdict);
    expect(slow.status).toBe("pending");
    await clock.advance(10);
    expect(slow.error).toBe(lost);
  });

  test("may cut the verdicts short", async () => {
    const { clock, talks } = make();
    const slow = watch(talks.converse("slow", (session) => session.receive().catch(never), 10));
    talks.end(lost);
    talks.abort(lost);
    await clock.settle();
    expect(slow.error).toBe(lost);
    expect(clock.pending).toBe(0);
  });
});
