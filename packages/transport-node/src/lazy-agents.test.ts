import { serve } from "rig/serve";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { NodeTransportOptions } from "./index.ts";
import { dial } from "./testing/dial.ts";
import { connectProxy, socksProxy } from "./testing/proxies.ts";

const loaded: string[] = [];

beforeEach(() => {
  loaded.length = 0;
  // Loaded anew for each test, the transport too.
  vi.resetModules();
  vi.doMock("https-proxy-agent", (load) => (loaded.push("https-proxy-agent"), load()));
  vi.doMock("socks", (load) => (loaded.push("socks"), load()));
});

async function open(url: string, options?: NodeTransportOptions): Promise<void> {
  const { nodeTransport } = await import("./index.ts");
  await dial(nodeTransport(options), url).opened;
}

describe("what speaks to a proxy is loaded only when it is used:", () => {
  test("nothing without a proxy", async () => {
    await open((await serve()).url);
    expect(loaded).toEqual([]);
  });

  test("the agent for an HTTP proxy", async () => {
    const { port } = await connectProxy((await serve()).port);
    await open("ws://feed.test/", { proxy: `http://127.0.0.1:${port}` });
    expect(loaded).toEqual(["https-proxy-agent"]);
  });

  test("the SOCKS client for a SOCKS proxy", async () => {
    const { port } = await socksProxy((await serve()).port);
    await open("ws://feed.test/", { proxy: `socks5h://127.0.0.1:${port}` });
    expect(loaded).toEqual(["socks"]);
  });
});
