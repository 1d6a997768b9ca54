import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resultPage } from "../report/page.ts";
import { promised, targets } from "../targets.ts";
import type { Subject } from "../task.ts";
import { UsageError } from "../usage-error.ts";
import { works } from "../work-list.ts";
import { checked, plan, scaled } from "./plan.ts";

const all = { check: false, browser: false, only: [], rounds: undefined, scale: undefined };

test("No two works have the same name", () => {
  expect(new Set(works.map(({ id }) => id)).size).toBe(works.length);
});

test("Every target is about a work that its subjects do", () => {
  for (const { name, work, subject, base = "ws", from = work, kind } of targets) {
    for (const id of [work, from]) {
      const found = works.find((each) => each.id === id);
      const who = kind === "value" ? [subject] : [subject, base];
      expect(found?.subjects, `${name}: ${id}`).toEqual(expect.arrayContaining(who));
    }
  }
});

describe("The plan", () => {
  test("has every work, with more rounds for the subjects that targets are about", () => {
    const steps = plan(all);
    const inBrowsers = plan({ ...all, browser: true });
    expect([...steps, ...inBrowsers].map(({ work }) => work.id)).toEqual(works.map(({ id }) => id));
    expect(inBrowsers.every(({ work }) => work.id.startsWith("chromium-"))).toBe(true);
    const rounds = (id: string, who: Subject): number =>
      steps.find(({ work }) => work.id === id)!.rounds.get(who)!;
    expect(rounds("receive-text-64b", "tungstenite")).toBe(11);
    expect(rounds("receive-text-64b", "ws")).toBe(11);
    expect(rounds("receive-text-64b", "partysocket")).toBe(2);
    expect(rounds("receive-text-16b", "tungstenite")).toBe(2);
    expect(rounds("echo-text-64b", "tungstenite")).toBe(9);
  });

  test("has as many rounds as the page and the README say", () => {
    const counts = { target: new Set<number>(), other: new Set<number>() };
    for (const { work, rounds } of plan(all)) {
      for (const [who, count] of rounds) {
        const isTarget = promised.some(
          ({ work: id, from, subject, kind, base = "ws" }) =>
            (id === work.id || from === work.id) &&
            (subject === who || (kind !== "value" && base === who)),
        );
        counts[isTarget ? "target" : "other"].add(count);
      }
    }
    const range = (set: Set<number>): string => `${Math.min(...set)} to ${Math.max(...set)}`;
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const machine = { cpu: "", cores: 1, memory: 0, system: "", node: "" };
    const page = resultPage({ machine, date: "", works: [] });
    for (const text of [page, readme]) {
      expect(text).toContain(`${range(counts.target)} where a target is at stake`);
      expect(text).toContain(range(counts.other));
    }
  });

  test("leaves out what was not asked for", () => {
    const ids = plan({ ...all, only: ["idle", "echo-text-64b", "send-text-16b"], rounds: 3 });
    expect(ids.map(({ work, rounds }) => [work.id, rounds.get("ws")])).toEqual([
      ["send-text-16b", 3],
      ["echo-text-64b", 3],
      ["idle-1000", 3],
      ["idle-10000", 3],
    ]);
  });

  test("of the short form has the works, the subjects and the messages that its targets need", () => {
    const steps = plan({ ...all, check: true });
    expect(checked.length).toBeGreaterThan(15);
    const receive = steps.find(({ work }) => work.id === "receive-text-64b")!;
    expect(receive.work.subjects).toEqual([
      "ws",
      "tungstenite",
      "tungstenite-for-await",
      "tungstenite-extensions",
      "tungstenite-async-hook",
    ]);
    expect(receive.work.task).toMatchObject({ extent: { warmUp: 150, span: 300 } });
    const ids = steps.map(({ work }) => work.id);
    expect(ids).not.toContain("receive-text-16b");
    expect(ids).not.toContain("heartbeat-10000");
  });

  test("refuses what names nothing of it, and says what", () => {
    const only = ["echo", "nothing", "chromium-echo"];
    expect(() => plan({ ...all, only })).toThrow(
      new UsageError(
        '--only: no work that is measured in Node has "nothing", "chromium-echo" in its name',
      ),
    );
    expect(() => plan({ ...all, check: true, only: ["heartbeat-10000"] })).toThrow(
      /no work that the short form judges in Node has "heartbeat-10000"/,
    );
    expect(() => plan({ ...all, check: true, browser: true })).toThrow(UsageError);
  });

  test("of the short form refuses a work that says nothing without another", () => {
    const pair = ["receive-100000", "receive-1000000"];
    expect(() => plan({ ...all, check: true, only: pair.slice(0, 1) })).toThrow(UsageError);
    expect(plan({ ...all, check: true, only: pair }).map(({ work }) => work.id)).toEqual(pair);
  });

  test("of the short form judges no absolute time", () => {
    const times = checked.filter(
      ({ kind, metric }) => kind !== "ratio" && /late|away|p\d|cpu/.test(metric),
    );
    expect(times).toEqual([]);
  });
});

test("A scaled task has at least one message, and one without messages stays as it is", () => {
  const echo = works.find(({ id }) => id === "echo-text-64b")!.task;
  expect(scaled(echo, 0.5)).toMatchObject({ messages: 10_000, warmUp: 2_000 });
  expect(scaled(echo, 1e-9)).toMatchObject({ messages: 1, warmUp: 1 });
  const timed = works.find(({ id }) => id === "send-text-64b")!.task;
  expect(scaled(timed, 0.5)).toMatchObject({ extent: { warmUp: 150, span: 300, step: 5_000 } });
  expect(scaled({ kind: "import" }, 0.5)).toEqual({ kind: "import" });
});
