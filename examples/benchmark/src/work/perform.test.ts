import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LoadServer } from "../load/server.ts";
import type { Sample, Subject, Task, Traffic } from "../task.ts";
import { works } from "../work-list.ts";
import { perform } from "./perform.ts";

const platformSocket = globalThis.WebSocket as unknown;
const server = new LoadServer();
let port = 0;

beforeAll(async () => {
  port = await server.listen();
});

afterAll(() => {
  server.close();
  // websocket-ts wants another one.
  (globalThis as { WebSocket: unknown }).WebSocket = platformSocket;
});

const few = { warmUp: 5, messages: 20 };

/** The same work, as little of it as there can be. */
function tiny(task: Task): Task {
  switch (task.kind) {
    case "idle":
      return {
        ...task,
        clients: 3,
        heartbeat: Math.min(task.heartbeat, 10),
        window: 10,
        settling: 0,
      };
    case "outage":
      return { ...task, outages: 2, down: 10, delay: 50 };
    case "drain":
      return { ...task, messages: 50, down: 10, delay: 50 };
    case "import":
      return task;
    case "crowd":
      return { ...task, ...few, clients: 3, warmUp: 6 };
    case "echo":
      return { ...task, ...few };
    case "allocate":
      return { ...task, extent: few };
    case "receive":
    case "send":
      return { ...task, extent: { warmUp: 0, span: 0, step: 5 } };
  }
}

/** One work of each kind, and the subjects that do it. */
const kinds = ["receive", "send", "echo", "crowd", "idle", "outage", "drain", "import", "allocate"];
const each = kinds.flatMap((kind) => {
  const work = works.find(({ task, id }) => task.kind === kind && !id.includes("16b"))!;
  return work.subjects.map((subject): [string, Subject, Task] => [kind, subject, work.task]);
});
const dialects = works
  .filter(({ task }) => "dialect" in task && task.dialect !== "plain")
  .flatMap(({ id, subjects, task }) =>
    subjects.map((who): [string, Subject, Task] => [id, who, task]),
  );

/** How large figures are depends on the machine; a rate of nothing, or of no time at all, is no figure. */
function expectFigures(sample: Sample): void {
  expect(Object.keys(sample)).not.toEqual([]);
  expect(Object.entries(sample).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  expect(sample["rate"] ?? 1).toBeGreaterThan(0);
}

/** Node 20 has no `WebSocket` of its own. */
const there = ([, subject]: readonly [string, Subject, Task]): boolean =>
  subject !== "platform" || platformSocket !== undefined;

describe("In small, without a process of its own,", () => {
  for (const [kind, subject, task] of [...each, ...dialects].filter(there)) {
    test(`'${kind}' is done by ${subject}`, async () => {
      expectFigures(await perform({ subject, task: tiny(task), port }));
    });
  }

  test("compressed messages arrive whole", async () => {
    for (const kind of ["receive", "echo", "send"] as const) {
      for (const subject of ["ws", "tungstenite"] as const) {
        const traffic: Traffic = { size: 5_000, data: "binary", dialect: "plain", deflate: true };
        const task: Task =
          kind === "echo" ? { kind, ...traffic, ...few } : { kind, ...traffic, extent: few };
        expectFigures(await perform({ subject, task, port }));
      }
    }
  });
});
