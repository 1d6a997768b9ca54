import { expect, test } from "vitest";
import { atEndOfTurn } from "./clock.ts";
import { TurnCork } from "./turn-cork.ts";

/** A socket that notes what becomes of each message, and a cork on it. */
function corked(): {
  write: (name: string, bytes?: number) => void;
  cork: TurnCork;
  log: string[];
} {
  const log: string[] = [];
  const cork = new TurnCork({ cork: () => log.push("cork"), uncork: () => log.push("uncork") });
  return {
    log,
    cork,
    write(name, bytes = 64) {
      cork.hold();
      log.push(name);
      cork.settle(bytes);
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => atEndOfTurn(resolve));

test("a lone message goes out at once", async () => {
  const { write, log } = corked();
  write("a");
  await nextTurn();
  write("b");
  await nextTurn();
  expect(log).toEqual(["a", "b"]);
});

test("further messages of a turn wait for its end together", async () => {
  const { write, log } = corked();
  write("first");
  write("b");
  write("LARGE", 100_000);
  write("c");
  expect(log).toEqual(["first", "cork", "b", "LARGE", "c"]);
  await nextTurn();
  expect(log).toEqual(["first", "cork", "b", "LARGE", "c", "uncork"]);
});

test("promise continuations and ticks belong to the turn", async () => {
  const { write, log } = corked();
  write("first");
  await Promise.resolve();
  write("b");
  await new Promise<void>((resolve) => process.nextTick(resolve));
  write("c");
  expect(log).toEqual(["first", "cork", "b", "c"]);
  await nextTurn();
  expect(log.at(-1)).toBe("uncork");
});

test("the next turn begins with a message that goes out at once", async () => {
  const { write, log } = corked();
  write("first");
  write("b");
  await nextTurn();
  write("first");
  write("d");
  await nextTurn();
  expect(log).toEqual(["first", "cork", "b", "uncork", "first", "cork", "d", "uncork"]);
});

test("a message as large as all that may be held is not held", async () => {
  const { write, log } = corked();
  write("LARGE", 1_000_000);
  write("LARGE", 131_072);
  write("a", 131_071);
  await nextTurn();
  expect(log).toEqual(["LARGE", "cork", "LARGE", "uncork", "cork", "a", "uncork"]);
});

test("a turn that sends much does not leave the network idle until its end", async () => {
  const { write, log } = corked();
  for (let i = 0; i < 200; i++) write("m", 4_000);
  const uncorks = log.filter((entry) => entry === "uncork").length;
  expect(uncorks).toBeGreaterThan(4);
  expect(uncorks).toBeLessThan(9);
  await nextTurn();
});

test("a write that throws leaves nothing behind that holds up what others write", async () => {
  const { cork, log } = corked();
  cork.hold();
  cork.hold();
  expect(log).toEqual(["cork"]);
  await nextTurn();
  expect(log).toEqual(["cork", "uncork"]);
});

test("release() lets out what is held, once", async () => {
  const { write, cork, log } = corked();
  cork.release();
  write("first");
  write("b");
  cork.release();
  cork.release();
  expect(log).toEqual(["first", "cork", "b", "uncork"]);
  await nextTurn();
  expect(log).toEqual(["first", "cork", "b", "uncork"]);
});
