import { expect, test } from "vitest";
import { help, parseArguments } from "./arguments.ts";

test("without flags it runs for 20 seconds against its own server", () => {
  expect(parseArguments([])).toEqual({
    url: undefined,
    seconds: 20,
    seed: 1,
    json: false,
    verbose: false,
  });
});

test("every flag is read", () => {
  const url = "wss://feed.test/x?y=z";
  expect(
    parseArguments(["--url", url, "--seconds=2.5", "--seed", "7", "--json", "--verbose"]),
  ).toEqual({ url, seconds: 2.5, seed: 7, json: true, verbose: true });
});

test("the help names every flag", () => {
  for (const name of ["--url", "--seconds", "--seed", "--json", "--verbose", "--help"])
    expect(help).toContain(`  ${name}`);
});

test.each([
  [["--seconds", "0"], '--seconds must be a number from 1 to 3600, not "0"'],
  [["--seconds", "soon"], '--seconds must be a number from 1 to 3600, not "soon"'],
  [["--seed", "-1"], '--seed must be a whole number from 0 to 4294967295, not "-1"'],
  [["--url", "http://feed.test/x"], "--url must be a ws:// or wss:// URL, not http://feed.test"],
  [["--url", "ws://feed.test/#x"], "--url must have no fragment (RFC 6455 §3)"],
  [["--quiet"], "unknown option --quiet"],
])("%j is refused with its reason", (argv, fault) => {
  expect(() => parseArguments(argv)).toThrow(fault);
});

test.each(["http://user:secret@feed.test/?key=secret", "secret@nowhere"])(
  "a refusal of %s repeats no secret",
  (url) => {
    expect(() => parseArguments(["--url", url])).toThrow(/^(?!.*secret)--url must be/);
  },
);
