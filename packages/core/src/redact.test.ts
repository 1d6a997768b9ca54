import { expect, test } from "vitest";
import { redactUrl } from "./redact.ts";

test.each([
  ["ws://example.com/", "ws://example.com/"],
  ["wss://example.com:8443/feed/v1", "wss://example.com:8443/feed/v1"],
  ["wss://user:secret@example.com/", "wss://***@example.com/"],
  ["wss://secret@example.com", "wss://***@example.com"],
  ["wss://user:se@cret@example.com/", "wss://***@example.com/"],
  ["wss://example.com/?token=secret", "wss://example.com/?token=***"],
  ["wss://example.com/?a=1&token=sec=ret&b=", "wss://example.com/?a=***&token=***&b=***"],
  ["wss://example.com/?secret", "wss://example.com/?***"],
  ["wss://example.com/?a=1?b=secret", "wss://example.com/?a=***"],
  ["wss://example.com/#secret", "wss://example.com/"],
  ["wss://example.com/?a=1#secret\nmore", "wss://example.com/?a=***"],
  ["//user:secret@host/?a=b", "//***@host/?a=***"],
  ["wss://user:secret@[broken/?t=secret", "wss://***@[broken/?t=***"],
  ["ws:user:secret@example.com/", "ws:***@example.com/"],
  ["ws:\\\\user:secret@example.com/", "ws:\\\\***@example.com/"],
  ["user:secret@example.com", "user:***@example.com"],
  ["ws://user:se/cret@host", "ws://***@host"],
  ["ws://user:se?cret@host/?a=b", "ws://***@host/?a=***"],
  ["ws://user:se#cret@host", "ws://***@host"],
  ["user:se/cret@host", "user:***@host"],
  ["wss://exa mple.com/feed?token=secret", "wss://exa mple.com/feed?token=***"],
  ["wss://[::1]:8080/mail@home?mail=a@b", "wss://[::1]:8080/mail@home?mail=***"],
  ["wss://example.com/mail@home", "wss://example.com/mail@home"],
  ["not a URL?secret", "not a URL?***"],
  ["", ""],
])("the redacted form of %j is %j", (url, redacted) => {
  expect(redactUrl(url)).toBe(redacted);
});
