import { expect, test } from "vitest";
import { settled } from "./settled.ts";

test("settled resolves when code that awaits several promises one after the other is done", async () => {
  const log: string[] = [];
  const helper = async (depth: number): Promise<void> => {
    if (depth > 0) await helper(depth - 1);
  };
  void helper(3).then(() => log.push("code"));
  await settled();
  log.push("settled");
  expect(log).toEqual(["code", "settled"]);
});
