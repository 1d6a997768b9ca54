import { runInNewContext } from "node:vm";
import { createClient, redactUrl } from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import { logging } from "@stream-tungstenite/ext-logging";
import { auth } from "@stream-tungstenite/handshake-auth";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { describe, expect, test } from "vitest";

/**
 * Runs something that must not take more time than its input is long. What takes the square of so many steps
 * would need hours: it is stopped, long after anything linear is done on the slowest machine.
 */
function bounded<T>(task: () => T): T {
  return runInNewContext("task()", { task }, { timeout: 20_000 }) as T;
}

const long = 300_000;
const fill = (text: string): string => text.repeat(Math.ceil(long / text.length));

/** Texts that make careless expressions try every way there is. */
const texts: readonly (readonly [name: string, text: string])[] = [
  "a",
  " ",
  "/",
  "\\",
  "#",
  "?",
  "&",
  "=",
  "@",
  ":",
  '"',
  '\\"',
  "{",
  "[",
  "%",
  ".",
  "\n",
  "\ud800",
  "//",
  "a:",
  "?a",
  "&a=",
  "//a",
  "//a@",
  "http:",
  "ws://",
  "bearer ",
  "basic\t",
  "eyJ",
  "token",
  "token:",
  'token":',
  'token":"',
  'token\\":\\"',
  "token={",
  "secret=",
  "&key=",
  "password ",
  "a@b/",
].map((unit) => [JSON.stringify(unit), fill(unit)] as const);
const twisted: readonly (readonly [name: string, text: string])[] = [
  ...texts,
  ["an open string", `{"token":"${fill("\\\\")}`],
  ["a name and spaces", `token${fill(" ")}`],
  ["credentials without end", `ws://${fill("a")}`],
  ["slashes, then credentials", `${fill("/")}a@b`],
  ["a scheme without end", `${fill("a+")}://x`],
];

test("what takes the square of a text's length is found out", () => {
  expect(() =>
    runInNewContext("/(a|aa)+$/.test(text)", { text: `${"a".repeat(60)}b` }, { timeout: 50 }),
  ).toThrow("timed out");
});

describe("redactUrl takes no longer than the text is long:", () => {
  test.each(twisted)("%s", (_, text) => {
    const redacted = bounded(() => redactUrl(text));
    expect(redacted.length).toBeLessThan(2 * text.length + 100);
  });
});

describe("the log takes no longer than the text is long:", () => {
  test.each(twisted)("%s", async (_, text) => {
    const server = memoryServer();
    const lines: string[] = [];
    const line = (one: string): void => void lines.push(one);
    const client = createClient({
      url: server.url,
      clock: manualClock(),
      plugins: [
        memoryTransport(server),
        logging.verbose({
          maxLength: Infinity,
          logger: { error: line, warn: line, info: line, debug: line },
        }),
      ],
    });
    await client.connect();
    bounded(() => {
      server.peer.send(text);
      client.send(text);
      server.peer.close(1011, text);
    });
    expect(lines.join("\n")).toContain("received:");
    await client.close();
  });
});

describe("options take no longer to refuse than they are long:", () => {
  test.each(twisted)("%s", (_, text) => {
    for (const make of [
      () => createClient({ url: text, plugins: [], protocols: [text] }),
      () => nodeTransport({ proxy: text, headers: { [text]: text }, localAddress: text }),
      () => auth(text, { format: text, name: text }),
    ]) {
      const error = bounded(() => {
        try {
          make();
        } catch (thrown) {
          return thrown;
        }
        return undefined;
      });
      expect(error instanceof Error ? error.message.length : 0).toBeLessThan(2_000);
    }
  });
});
