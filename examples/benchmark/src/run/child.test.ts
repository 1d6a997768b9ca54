import { expect, test } from "vitest";
import { output, serve } from "./child.ts";

const node = process.execPath;

test("A process's output is returned", async () => {
  const args = ["-e", "process.stdout.write(process.argv[1])", "hello"];
  expect(await output({ node, args, timeout: 60_000 })).toBe("hello");
});

test("A process that fails rejects with what it complained about", async () => {
  const args = ["-e", "console.error('no such work'); process.exit(3)"];
  await expect(output({ node, args, timeout: 60_000 })).rejects.toThrow(/: 3\nno such work/);
});

test("A process that takes too long is killed", async () => {
  const args = ["-e", "setInterval(() => {}, 1000)"];
  await expect(output({ node, args, timeout: 1 })).rejects.toThrow(/killed after 1 ms/);
});

test("A service ends when it is stopped", async () => {
  const code = "console.log(4711); process.stdin.on('end', () => process.exit()).resume()";
  const service = await serve(["-e", code]);
  expect(service.greeting).toBe("4711");
  await service.stop();
});
