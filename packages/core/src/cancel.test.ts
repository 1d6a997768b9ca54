import { expect, test } from "vitest";
import { Cancel } from "./cancel.ts";

test("tells those who asked for the signal before", () => {
  const cancel = new Cancel();
  const { signal } = cancel;
  expect(signal.aborted).toBe(false);
  cancel.abort("why");
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toBe("why");
});

test("tells those who ask for the signal afterwards", () => {
  const cancel = new Cancel();
  cancel.abort("why");
  expect(cancel.signal.aborted).toBe(true);
  expect(cancel.signal.reason).toBe("why");
});

test("gives everybody the same signal", () => {
  const cancel = new Cancel();
  expect(cancel.signal).toBe(cancel.signal);
});

test("keeps the first reason, even if nobody had asked for the signal yet", () => {
  const cancel = new Cancel();
  cancel.abort("first");
  cancel.abort("second");
  expect(cancel.signal.reason).toBe("first");
});
