import { expect, test } from "vitest";
import { redactText } from "./redact-text.ts";

test.each([
  // JSON
  ['{"type":"auth","token":"s3cret"}', '{"type":"auth","token":"***"}'],
  ['{"token" : "s3cret", "id": 1}', '{"token" : "***", "id": 1}'],
  ['{"accessToken":"s3cret","n":1}', '{"accessToken":"***","n":1}'],
  ['{"refresh_token":"s3cret"}', '{"refresh_token":"***"}'],
  ['{"Password":"s3cret"}', '{"Password":"***"}'],
  ['{"user":"alice","pass":"s3cret"}', '{"user":"alice","pass":"***"}'],
  ['{"passwd":"s3cret","pwd":"s3cret"}', '{"passwd":"***","pwd":"***"}'],
  ['{"client_secret":"s3cret"}', '{"client_secret":"***"}'],
  ['{"apiKey":"s3cret","api-key":"s3cret"}', '{"apiKey":"***","api-key":"***"}'],
  ['{"authorization":"Bearer s3cret"}', '{"authorization":"***"}'],
  ['{"bearer":"s3cret","jwt":"s3cret"}', '{"bearer":"***","jwt":"***"}'],
  [
    '{"accessKey":"s3cret","AWS_ACCESS_KEY_ID":"s3cret"}',
    '{"accessKey":"***","AWS_ACCESS_KEY_ID":"***"}',
  ],
  ['{"privateKey":"s3cret"}', '{"privateKey":"***"}'],
  ['{"sessionId":"s3cret","signature":"s3cret"}', '{"sessionId":"***","signature":"***"}'],
  ['{"token":"with \\"s3cret\\" quotes","n":1}', '{"token":"***","n":1}'],
  ['{"token":"s3cret\\\\","n":1}', '{"token":"***","n":1}'],
  ["{'token':'s3cret'}", "{'token':'***'}"],
  ['{"token":"s3c', '{"token":"***'],
  ['{"token":"s3cret\\', '{"token":"***\\'],
  // Where the end cannot be told, the rest goes.
  ['{"token":{"value":"s3cret"},"x":"s3cret"}', '{"token":***'],
  ['{"tokens": ["s3cret","s3cret"]}', '{"tokens": ***'],
  ['{"payload":"{\\"token\\":\\"s3cret\\"}"}', '{"payload":"{\\"token\\":***'],
  // Query parameters
  ["wss://host/?token=s3cret&symbol=btc", "wss://host/?token=***&symbol=btc"],
  ["/feed?a=1&access_token=s3cret refused", "/feed?a=1&access_token=*** refused"],
  ["/feed?key=s3cret&sig=s3cret", "/feed?key=***&sig=***"],
  ["/feed?X-Amz-Signature=s3cret&X-Amz-Date=1", "/feed?X-Amz-Signature=***&X-Amz-Date=1"],
  // key=value and headers
  ["user=alice password=s3cret port=1", "user=alice password=*** port=1"],
  ['password="two s3cret words" port=1', 'password="***" port=1'],
  ["Authorization: Bearer s3cret", "Authorization:***"],
  ["Authorization: ApiKey s3cret, realm=s3cret\r\nHost: a", "Authorization:***\r\nHost: a"],
  ["Cookie: a=1; sid=s3cret\nHost: a", "Cookie:***\nHost: a"],
  ['Cookie: a=1; sid="s3cret"; b=s3cret\nHost: a', "Cookie:***\nHost: a"],
  [
    `Authorization: Digest username="it's", response="s3cret"\r\nHost: a`,
    "Authorization:***\r\nHost: a",
  ],
  ['Authorization: Digest username="u", response = "s3cret', "Authorization:***"],
  ['{"head":"Cookie: sid=\\"s3cret\\"","n":1}', '{"head":"Cookie:***","n":1}'],
  ['{"head":"Cookie: sid=s3cret","n":1}', '{"head":"Cookie:***","n":1}'],
  ["CONNECT\npasscode:s3cret\nhost:a", "CONNECT\npasscode:***\nhost:a"],
  // Credentials by themselves
  ["Bearer s3cret", "Bearer ***"],
  ['["Authorization","Basic dXNlcjpwYXNz"]', '["Authorization","Basic ***"]'],
  ["say eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig now", "say *** now"],
  ["wss://alice:s3cret@host/path", "wss://***@host/path"],
  ["wss://alice:s3@s3cret@host/path", "wss://***@host/path"],
])("takes the secrets out of %s", (text, expected) => {
  expect(redactText(text)).toBe(expected);
  expect(redactText(text)).not.toContain("s3cret");
});

test.each([
  "hello",
  '{"type":"trade","price":"100.5","author":"Bob","passed":true,"signal":"up"}',
  "the token has expired",
  "Handshake 'auth' timed out after 10000 ms",
  "wss://host/path?symbol=btc",
  "mail me @ a//b c@d",
  "",
])("leaves %s as it is", (text) => {
  expect(redactText(text)).toBe(text);
});

test("a key that hides another value hides nothing twice", () => {
  expect(redactText("password=token&token=s3cret")).toBe("password=***&token=***");
});

// A pattern of quadratic cost would need minutes for each of these, and run into the timeout.
const size = 500_000;
test.each([
  ["names", "token"],
  ["names with a dash", "token-"],
  ["names with a space", "token "],
  ["names and quotes", 'token"'],
  ["escaped quotes", '\\"'],
  ["backslashes", "\\"],
  ["unfinished strings", '"token":"'],
  ["separators", "token=:"],
  ["colons and spaces", "token: "],
  ["spaces", " "],
  ["slashes", "/"],
  ["users", "//a"],
  ["credentials", "//a@a@"],
  ["quotes behind equals signs", '="'],
  ["headers with quotes", 'token:="'],
  ["schemes", "bearer "],
  ["tokens of the web", "eyJ-"],
  ["question marks", "?key"],
  ["letters", "a"],
])("takes time in proportion to the length of a hostile text of %s", (_, part) => {
  const hostile = part.repeat(size / part.length);
  for (const text of [hostile, `token${hostile}`, `"token":"${hostile}`, `bearer ${hostile}`]) {
    expect(redactText(text).length).toBeLessThanOrEqual(text.length * 2);
  }
});
