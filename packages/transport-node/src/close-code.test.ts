import { expect, test } from "vitest";
import { closeCodeOf, invalidUtf8 } from "./close-code.ts";

test.each([
  ["WS_ERR_INVALID_UTF8", 1007],
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", 1009],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", 1009],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", 1008],
  ["WS_ERR_INVALID_OPCODE", 1002],
  ["Z_DATA_ERROR", 1007],
  ["ECONNRESET", 1006],
  [undefined, 1006],
])("an error with code %s fails the connection with %d", (code, expected) => {
  expect(closeCodeOf(Object.assign(new Error("fault"), { code }))).toBe(expected);
});

test("text that is not UTF-8 fails with 1007", () => {
  const error = invalidUtf8("text message");
  expect(closeCodeOf(error)).toBe(1007);
  expect(error.message).toBe("The server sent a text message that is not UTF-8");
});
