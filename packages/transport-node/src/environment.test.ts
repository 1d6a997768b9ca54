import { describe, expect, test } from "vitest";
import { proxyFromEnvironment } from "./environment.ts";

const choose = (url: string, variables: Record<string, string>): string | undefined =>
  proxyFromEnvironment(new URL(url), variables);

describe("which variable holds", () => {
  test.each([
    ["ws://a.test/", { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["ws://a.test/", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["wss://a.test/", { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
    ["wss://a.test/", { HTTP_PROXY: "http://p:1" }, undefined],
    ["ws://a.test/", { ALL_PROXY: "socks5://p:1" }, "socks5://p:1"],
    ["wss://a.test/", { ALL_PROXY: "socks5://p:1", HTTPS_PROXY: "http://q:2" }, "http://q:2"],
    ["wss://a.test/", { https_proxy: "http://low:1", HTTPS_PROXY: "http://up:2" }, "http://low:1"],
    ["wss://a.test/", { https_proxy: "", HTTPS_PROXY: "http://up:2" }, "http://up:2"],
    ["wss://a.test/", { HTTPS_PROXY: "p:3128" }, "http://p:3128"],
    ["wss://a.test/", {}, undefined],
  ])("%s with %j", (url, variables, expected) => {
    expect(choose(url, variables as Record<string, string>)).toBe(expected);
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["wss://a.test/", "*", false],
    ["wss://a.test/", "a.test", false],
    ["wss://A.TEST/", "a.Test", false],
    ["wss://a.test/", "b.test", true],
    ["wss://x.a.test/", "a.test", false],
    ["wss://xa.test/", "a.test", true],
    ["wss://x.a.test/", ".a.test", false],
    ["wss://x.a.test/", "*.a.test", false],
    ["wss://a.test/", "b.test, a.test", false],
    ["wss://a.test/", "b.test a.test", false],
    ["wss://a.test/", "a.test:443", false],
    ["wss://a.test/", "a.test:8443", true],
    ["wss://a.test:8443/", "a.test:8443", false],
    ["wss://127.0.0.1/", "127.0.0.1", false],
    ["wss://[::1]/", "::1", false],
    ["wss://[::1]:8443/", "[::1]:8443", false],
    ["wss://[::1]/", "[::1]:8443", true],
    ["wss://a.test/", ",", true],
  ])("%s with %j", (url, list, proxied) => {
    const variables = { HTTPS_PROXY: "http://p:1", NO_PROXY: list };
    expect(choose(url, variables)).toBe(proxied ? "http://p:1" : undefined);
  });

  test("lower case wins, and the port of ws: is 80", () => {
    const variables = { HTTP_PROXY: "http://p:1", no_proxy: "a.test:80", NO_PROXY: "b.test" };
    expect(choose("ws://a.test/", variables)).toBeUndefined();
    expect(choose("ws://b.test/", variables)).toBe("http://p:1");
  });
});
