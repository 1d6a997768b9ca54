import { expect, test } from "vitest";
import { isTransientCloseCode } from "./transient.ts";
import { abnormal } from "./transport.ts";

test("an end without a close frame has the code that stands for it, and is retried", () => {
  // RFC 6455 §7.1.5
  expect(abnormal).toEqual({ code: 1006, reason: "", wasClean: false });
  expect(isTransientCloseCode(abnormal.code)).toBe(true);
});
