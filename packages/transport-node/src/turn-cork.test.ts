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
      cork.prepare(bytes);
      log.push(name);
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => atEndOfTurn(resolve));

test("a lone message goes out at once and never meets the cork", async () => {
  const { write, log } = corked();
  write("a");
  await nextTurn();
  write("b");
  await nextTurn();
  expect(log).toEqual(["a", "b"]);
});

test("further small messages of a turn wait for its end together", async () => {
  const { write, log } = corked();
  write("a");
  write("b");
  write("c");
  expect(log).toEqual(["a", "cork", "b", "c"]);
  await nextTurn();
  expect(log).toEqual(["a", "cork", "b", "c", "uncork"]);
});

test("promise continuations and ticks belong to the turn", async () => {
  const { write, log } = corked();
  write("a");
  await Promise.resolve();
  write("b");
  await new Promise<void>((resolve) => process.nextTick(resolve));
  write("c");
  expect(log).toEqual(["a", "cork", "b", "c"]);
  await nextTurn();
  expect(log.at(-1)).toBe("uncork");
});

test("the next turn begins with a message that goes out at once", async () => {
  const { write, log } = corked();
  write("a");
  write("b");
  await nextTurn();
  write("c");
  write("d");
  await nextTurn();
  expect(log).toEqual(["a", "cork", "b", "uncork", "c", "cork", "d", "uncork"]);
});

test("a large message lets out what is held and is not held itself", async () => {
  const { write, log } = corked();
  write("a");
  write("b");
  write("LARGE", 4_096);
  write("c");
  await nextTurn();
  expect(log).toEqual(["a", "cork", "b", "uncork", "LARGE", "cork", "c", "uncork"]);
});

test("a large message may begin the turn", async () => {
  const { write, log } = corked();
  write("LARGE", 4_096);
  write("LARGE", 1_000_000);
  write("a", 4_095);
  await nextTurn();
  expect(log).toEqual(["LARGE", "LARGE", "cork", "a", "uncork"]);
});

test("a turn that sends much does not leave the network idle until its end", async () => {
  const { write, log } = corked();
  for (let i = 0; i < 200; i++) write("m", 4_000);
  const uncorks = log.filter((entry) => entry === "uncork").length;
  expect(uncorks).toBeGreaterThan(1);
  expect(uncorks).toBeLessThan(5);
  await nextTurn();
});

test("release() lets out what is held, once", async () => {
  const { write, cork, log } = corked();
  cork.release();
  write("a");
  write("b");
  cork.release();
  cork.release();
  expect(log).toEqual(["a", "cork", "b", "uncork"]);
  await nextTurn();
  expect(log).toEqual(["a", "cork", "b", "uncork"]);
});
