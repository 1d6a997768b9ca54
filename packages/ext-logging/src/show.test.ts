import { expect, test } from "vitest";
import { showMessage, showText, type Showing } from "./show.ts";

const settings: Showing = { maxLength: 200, redact: true };
const show = (message: string | Uint8Array, options: Partial<Showing> = {}): string =>
  showMessage(message, "application", { ...settings, ...options });

test("a short text is shown as it is", () => {
  expect(show("hello")).toBe("hello");
  expect(show("")).toBe("");
  expect(show("x".repeat(200))).toBe("x".repeat(200));
});

test("a longer one is cut, and its length told", () => {
  expect(show("x".repeat(201))).toBe(`${"x".repeat(200)}… (201 characters)`);
  expect(show("hello", { maxLength: 2 })).toBe("he… (5 characters)");
  expect(show("hello", { maxLength: 0 })).toBe("… (5 characters)");
  expect(show("x".repeat(5_000), { maxLength: Infinity })).toHaveLength(5_000);
});

test("a surrogate pair is not cut in two", () => {
  expect(show("ab😀cd", { maxLength: 3 })).toBe("ab… (6 characters)");
  expect(show("ab😀cd", { maxLength: 4 })).toBe("ab😀… (6 characters)");
  expect(show("😀", { maxLength: 1 })).toBe("… (2 characters)");
  expect(show("ab😀")).toBe("ab😀");
});

test("bytes are shown as their number and the first sixteen in hexadecimal", () => {
  expect(show(Uint8Array.of(0, 1, 15, 255))).toBe("[binary, 4 bytes: 00 01 0f ff]");
  expect(show(new Uint8Array(1_000))).toBe(
    "[binary, 1000 bytes: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00]",
  );
  expect(show(new Uint8Array())).toBe("[binary, 0 bytes: ]");
});

test.each([
  ["abc", 3],
  ["äß", 4],
  ["€", 3],
  ["😀", 4],
  ["\ud800", 3],
  [Uint8Array.of(1, 2), 2],
  ["token=s3cret", 12],
])("of a handshake message %o only the number of its bytes is shown", (message, bytes) => {
  expect(showMessage(message, "plugin", settings)).toBe(`[handshake message, ${bytes} bytes]`);
});

test("a secret that is cut in two is hidden as well", () => {
  expect(show('{"token":"s3cret"}', { maxLength: 13 })).toBe('{"token":"***… (18 characters)');
});

test("only what is shown is searched for secrets", () => {
  const text = `token=${"a".repeat(100)} beyond`;
  expect(show(text, { maxLength: 20 })).toBe("token=***… (113 characters)");
});

test("what redaction makes longer is cut again", () => {
  expect(show("token=a", { maxLength: 7 })).toBe("token=*");
});

test("without redaction everything is shown", () => {
  expect(show("token=s3cret", { redact: false })).toBe("token=s3cret");
  expect(showMessage("s3cret", "plugin", { ...settings, redact: false })).toBe("s3cret");
});

test("a function of the application's is given the whole text, and its answer is cut", () => {
  const redact = (text: string): string => text.replace(/card-\d{16}/, "[card]");
  const text = "pay card-1234567812345678 now";
  expect(show(text, { redact, maxLength: 14 })).toBe("pay [card] now… (29 characters)");
  expect(show("token=s3cret", { redact })).toBe("token=s3cret");
});

test("with a function of the application's handshakes stay hidden", () => {
  const redact = (text: string): string => text;
  expect(showMessage("s3cret", "plugin", { ...settings, redact })).toBe(
    "[handshake message, 6 bytes]",
  );
});

test("a line stays one line, and a terminal finds nothing to obey", () => {
  expect(show("a\r\nb\tc\x1b[2Jd\x9be\0f")).toBe("a  b c [2Jd e f");
  // Writing direction, width, and the line separators of Unicode.
  expect(show("a\u202eb\u2066c\u200bd\ufeffe\u2028f\u2029g")).toBe("a b c d e f g");
  expect(showText("line\nforged", settings)).toBe("line forged");
  expect(showText("line\nraw", { ...settings, redact: false })).toBe("line raw");
});
