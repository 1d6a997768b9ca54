import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Notifier, surface } from "./notifier.ts";
import type { Plugins } from "./plugins.ts";
import { rig } from "./test-kit.ts";

/** What would have been uncaught exceptions. */
const uncaught: unknown[] = [];
const caught = (task: () => void) => (): void => {
  try {
    task();
  } catch (error) {
    uncaught.push(error);
  }
};
beforeEach(() => {
  uncaught.length = 0;
  vi.stubGlobal("queueMicrotask", (task: () => void) => caught(task)());
});
afterEach(() => vi.unstubAllGlobals());

const observed: unknown[][] = [];
function make(): Notifier {
  observed.length = 0;
  return new Notifier({
    observe: (...args: unknown[]) => observed.push(args),
  } as unknown as Plugins);
}

describe("listeners", () => {
  test("are told in the order in which they came, each until it leaves", () => {
    const log: string[] = [];
    const notifier = make();
    const undo = notifier.on("drain", () => log.push("a"));
    notifier.on("drain", () => log.push("b"));
    notifier.tell("drain", {});
    undo();
    undo();
    notifier.tell("drain", {});
    expect(log).toEqual(["a", "b", "b"]);
  });

  test("added twice are told twice; an undo takes one of them away", () => {
    const listener = vi.fn<() => void>();
    const notifier = make();
    const undo = notifier.on("drain", listener);
    const other = notifier.on("drain", listener);
    notifier.tell("drain", {});
    expect(listener).toHaveBeenCalledTimes(2);
    undo();
    undo();
    notifier.tell("drain", {});
    expect(listener).toHaveBeenCalledTimes(3);
    other();
    notifier.tell("drain", {});
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test("are functions, not methods of anything of ours", () => {
    const seen: unknown[] = [];
    const notifier = make();
    notifier.on("drain", function (this: unknown) {
      seen.push(this);
    });
    notifier.tell("drain", {});
    expect(seen).toEqual([undefined]);
  });

  test("that come or go during an emission do not change it", () => {
    const log: string[] = [];
    const notifier = make();
    const undo = notifier.on("message", () => {
      log.push("a");
      undo();
      notifier.on("message", () => log.push("c"));
    });
    notifier.on("message", () => log.push("b"));
    notifier.emit("message", "m");
    expect(log).toEqual(["a", "b"]);
  });

  test("that throw break no other; their error surfaces as an uncaught exception would", () => {
    const failure = new Error("listener");
    const good = vi.fn<() => void>();
    const notifier = make();
    notifier.on("drain", () => {
      throw failure;
    });
    notifier.on("drain", good);
    notifier.tell("drain", {});
    notifier.emit("drain", {});
    expect(good).toHaveBeenCalledTimes(2);
    expect(uncaught).toEqual([failure, failure]);
  });

  test("that throw break neither the connection nor a plugin", async () => {
    vi.unstubAllGlobals();
    const platform = queueMicrotask;
    vi.stubGlobal("queueMicrotask", (task: () => void) => platform(caught(task)));
    const onConnected = vi.fn<() => void>();
    const { client, server, clock, connected, told } = rig({
      plugins: [{ name: "p", onConnected }],
    });
    for (const event of ["state", "connected", "message"] as const) {
      client.on(event, () => {
        throw new Error(event);
      });
    }
    await connected();
    server.peer.send("m");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(onConnected).toHaveBeenCalled();
    expect(told("message")).toEqual(["m"]);
    expect(told("error")).toEqual([]);
    expect(uncaught.map(String)).toEqual([
      "Error: state",
      "Error: state",
      "Error: connected",
      "Error: message",
    ]);
  });
});

describe("announcements", () => {
  test("go to the plugins first, by the hook of the event, then to listeners and taps", () => {
    const log: string[] = [];
    const notifier = make();
    notifier.on("lagged", () => log.push(`listener after ${observed.length} plugins`));
    const undo = notifier.tap((type) => log.push(`tap ${type}`));
    notifier.tell("lagged", { skipped: 1 });
    notifier.tell("drain", {});
    undo();
    notifier.tell("drain", {});
    expect(observed).toEqual([["onLagged", { skipped: 1 }]]);
    expect(log).toEqual(["listener after 1 plugins", "tap lagged", "tap drain"]);
  });

  test("may leave the plugins out", () => {
    const listener = vi.fn<() => void>();
    const notifier = make();
    notifier.on("lagged", listener);
    notifier.tell("lagged", { skipped: 1 }, true);
    expect(observed).toEqual([]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("caused by a listener come after the one it was told, never in the middle", () => {
    const log: string[] = [];
    const notifier = make();
    notifier.on("connecting", () => {
      notifier.tell("drain", {});
      log.push("first");
    });
    notifier.on("connecting", () => log.push("second"));
    notifier.on("drain", () => log.push("drain"));
    notifier.tell("connecting", { attempt: 0 });
    expect(log).toEqual(["first", "second", "drain"]);
  });

  test("of one change are told when all of it is done", () => {
    const log: string[] = [];
    const notifier = make();
    notifier.on("drain", () => log.push("told"));
    notifier.batch(() => {
      notifier.tell("drain", {});
      notifier.batch(() => log.push("inner"));
      log.push("changed");
    });
    expect(log).toEqual(["inner", "changed", "told"]);
  });

  test("are told even if the change throws", () => {
    const listener = vi.fn<() => void>();
    const notifier = make();
    notifier.on("drain", listener);
    expect(() =>
      notifier.batch(() => {
        notifier.tell("drain", {});
        throw new Error("change");
      }),
    ).toThrow("change");
    expect(listener).toHaveBeenCalledTimes(1);
    notifier.tell("drain", {});
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test("go on behind a task that throws", () => {
    const failure = new Error("task");
    const listener = vi.fn<() => void>();
    const notifier = make();
    notifier.on("drain", listener);
    notifier.batch(() => {
      notifier.run(() => {
        throw failure;
      });
      notifier.tell("drain", {});
    });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(uncaught).toEqual([failure]);
  });
});

test("surface throws where nobody can catch it", () => {
  const failure = new Error("own");
  surface(failure);
  expect(uncaught).toEqual([failure]);
});
