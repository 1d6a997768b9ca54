import { expect, test } from "vitest";
import { firstLine, serve } from "./child.ts";

const node = process.execPath;

test("The line that a process prints is returned", async () => {
  const args = ["-e", "console.log(process.argv[1])", "hello"];
  expect(await firstLine({ node, args, timeout: 60_000 })).toBe("hello");
});

test("A process that has printed its line need not end by itself", async () => {
  const args = ["-e", "console.log('hello'); setTimeout(() => {}, 60_000)"];
  expect(await firstLine({ node, args, timeout: 60_000 })).toBe("hello");
});

test("A process that ends without a whole line is no success", async () => {
  const args = ["-e", "process.stdout.write('hel')"];
  await expect(firstLine({ node, args, timeout: 60_000 })).rejects.toThrow(/: 0\n/);
});

test("A process that fails rejects with what it complained about", async () => {
  const args = ["-e", "console.error('no such work'); process.exit(3)"];
  await expect(firstLine({ node, args, timeout: 60_000 })).rejects.toThrow(/: 3\nno such work/);
});

test("A process that takes too long is killed", async () => {
  const args = ["-e", "setInterval(() => {}, 1000)"];
  await expect(firstLine({ node, args, timeout: 1 })).rejects.toThrow(/killed after 1 ms/);
});

test("A service ends when it is stopped", async () => {
  const code = "console.log(4711); process.stdin.on('end', () => process.exit()).resume()";
  const service = await serve(["-e", code]);
  expect(service.greeting).toBe("4711");
  await service.stop();
});

test("A service that does not end when it is asked to ends, too", async () => {
  const service = await serve(["-e", "console.log(4711); setTimeout(() => {}, 60_000)"]);
  await service.stop();
});
