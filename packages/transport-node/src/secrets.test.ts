import { describe, expect, test } from "vitest";
import { DialTrace } from "./dial-trace.ts";
import type { NodeHeaders } from "./options.ts";
import { blank, secretsOf } from "./secrets.ts";

interface Dialled {
  readonly url?: string;
  readonly protocols?: readonly string[];
  readonly proxy?: string;
  readonly headers?: NodeHeaders;
}

/** What is left of an answer to such a dial. */
function answer(text: string, dialled: Dialled, isCut = false): string {
  const { url = "ws://a.test/", protocols, proxy, headers } = dialled;
  const trace = new DialTrace(url, protocols);
  if (proxy) trace.proxy = new URL(proxy);
  if (headers) trace.headers = headers;
  return blank(text, secretsOf(trace), isCut);
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("what was sent is blanked in an answer:", () => {
  test.each<readonly [name: string, said: string, dialled: Dialled]>([
    ["a subprotocol", "v1.s3cret", { protocols: ["v1", "v1.s3cret"] }],
    ["a query value as sent", "s3cret%2Fa%2Bb%3D%3D", { url: "ws://a/?t=s3cret%2Fa%2Bb%3D%3D" }],
    ["one that was decoded", "s3cret/a+b==", { url: "ws://a/?t=s3cret%2Fa%2Bb%3D%3D" }],
    ["one with an equals sign", "s3cret=a", { url: "ws://a/?t=s3cret=a" }],
    ["one that was encoded again", "s3cret%252Fa", { url: "ws://a/?t=s3cret%2Fa" }],
    ["one in lower case", "s3cret%2fABC", { url: "ws://a/?t=s3cret%2FABC" }],
    ["one with a space", "s3cret word", { url: "ws://a/?t=s3cret+word" }],
    ["a parameter without value", "s3cret%2Fa", { url: "ws://a/?a=1&s3cret%2Fa" }],
    ["a password as sent", "s3cret%2Fa", { url: "ws://u:s3cret%2Fa@a/" }],
    ["a password", "s3cret/a", { url: "ws://u:s3cret%2Fa@a/" }],
    ["a user name", "s3cret@a", { url: "ws://s3cret%40a@a/" }],
    ["both", "u:s3cret/a", { url: "ws://u:s3cret%2Fa@a/" }],
    ["both as sent", base64("u:s3cret/a"), { url: "ws://u:s3cret%2Fa@a/" }],
    ["a proxy's password", "s3cret/a", { proxy: "http://u:s3cret%2Fa@a/" }],
    ["a bearer", "s3cret/a", { headers: { authorization: "Bearer s3cret/a" } }],
    ["one in a URL", "s3cret%2Fa", { headers: { authorization: "Bearer s3cret/a" } }],
    [
      "basic credentials that were decoded",
      "s3cret/a",
      { headers: { authorization: `Basic ${base64("u:s3cret/a")}` } },
    ],
    ["a cookie's value", "s3cret%2Fa==", { headers: { cookie: "id=1; sid=s3cret%2Fa==; b=2" } }],
    ["one in quotes", "s3cret/a", { headers: { cookie: 'id=1; sid="s3cret/a"' } }],
    ["one that was decoded", "s3cret/a", { headers: { cookie: "sid=s3cret%2Fa" } }],
    ["one of several values", "s3cret/a", { headers: { "x-key": ["one", "s3cret/a"] } }],
    ["a header in JSON", 's3cret\\"a\\\\', { headers: { "x-key": 's3cret"a\\' } }],
    ["one in JSON of PHP", "s3cret\\/a", { headers: { "x-key": "s3cret/a" } }],
    ["one in JSON for HTML", "s3cret\\u003ca", { headers: { "x-key": "s3cret<a" } }],
    ["one in JSON of .NET", "s3cret\\u002Ba", { headers: { "x-key": "s3cret+a" } }],
    ["one in HTML", "s3cret&lt;a&#39;", { headers: { "x-key": "s3cret<a'" } }],
    ["one in HTML of Python", "s3cret&quot;&#x27;", { headers: { "x-key": `s3cret"'` } }],
    ["one in HTML of Go", "s3cret&#34;&amp;", { headers: { "x-key": 's3cret"&' } }],
    ["one that was decoded twice", "s3cret/a", { url: "ws://a/?t=s3cret%252Fa" }],
    ["one that is not ASCII", "s3cret\ufffd", { headers: { "x-key": "s3cret\xe9" } }],
  ])("%s", (_, said, dialled) => {
    expect(answer(`no: ${said}, no`, dialled)).toBe("no: ***, no");
  });
});

test("a secret that holds another goes whole", () => {
  const dialled = { url: "ws://a/?a=s3cret&b=my-s3cret-too" };
  expect(answer("s3cret my-s3cret-too s3crets3cret", dialled)).toBe("*** *** ***");
});

test("two that overlap go both", () => {
  const dialled = { protocols: ["s3cret-one", "one-s3cret"] };
  expect(answer("a s3cret-one-s3cret b", dialled)).toBe("a *** b");
});

test("short values are words, and stay", () => {
  const dialled = { protocols: ["v1"], headers: { accept: "any" }, url: "ws://me@a/?a=1" };
  expect(answer("not any v1 for me: 1", dialled)).toBe("not any v1 for me: 1");
});

describe("the end of a text that is cut off", () => {
  const dialled = { url: "ws://a/?t=s3cret%2Fa%2Bb", protocols: ["s3cr-other"] };

  test.each(["s3cr", "s3cret/", "s3cret/a+", "s3cret%2", "s3cret%2Fa%2"])("hides %s", (start) => {
    expect(answer(`no: ${start}`, dialled, true)).toBe("no: ***");
  });

  test("may be a word", () => {
    expect(answer("no: s3c", dialled, true)).toBe("no: s3c");
  });

  test("is nothing special in one that is whole", () => {
    expect(answer("no: s3cr", dialled)).toBe("no: s3cr");
  });
});
