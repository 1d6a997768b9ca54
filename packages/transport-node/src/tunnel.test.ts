import { once } from "node:events";
import net from "node:net";
import type { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { certificate } from "rig/certificates";
import { listen } from "rig/listen";
import { serve } from "rig/serve";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport, type NodeTransportOptions } from "./index.ts";
import { dial, failure } from "./testing/dial.ts";
import { failingLookup, loopback } from "./testing/lookup.ts";
import { connectProxy, socksProxy } from "./testing/proxies.ts";

const ca = certificate({ name: "test authority", isAuthority: true });
const identity = certificate({ name: "server", hosts: ["127.0.0.1", "feed.test"], issuer: ca });

/** Opens through a proxy, and proves that messages pass. */
async function pass(url: string, options: NodeTransportOptions): Promise<void> {
  const client = dial(nodeTransport(options), url);
  await client.opened;
  client.connection.ping?.();
  await client.pongs.take();
}

describe("an HTTP proxy", () => {
  test("tunnels ws:", async () => {
    const server = await serve();
    const proxy = await connectProxy(server.port);
    await pass("ws://feed.test/path", { proxy: `http://127.0.0.1:${proxy.port}` });
    expect(proxy.targets).toEqual(["feed.test:80"]);
    expect(proxy.credentials).toEqual([undefined]);
    expect(server.requests[0]?.headers.host).toBe("feed.test");
  });

  test("tunnels wss:, and the server's certificate is checked", async () => {
    const server = await serve({ tls: identity });
    const proxy = await connectProxy(server.port);
    const options = { proxy: new URL(`http://127.0.0.1:${proxy.port}`), tls: { ca: ca.cert } };
    await pass("wss://feed.test/", options);
    expect(proxy.targets).toEqual(["feed.test:443"]);
    const error = await failure(dial(nodeTransport(options), "wss://other.test/"));
    expect(error).toMatchObject({
      phase: "tls",
      retryable: false,
      cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    expect(error.message).toContain(` through the proxy http://127.0.0.1:${proxy.port}: `);
  });

  test("may itself speak TLS", async () => {
    const server = await serve();
    const proxy = await connectProxy(server.port, { tls: identity });
    const options = { proxy: `https://127.0.0.1:${proxy.port}` };
    await pass("ws://feed.test/", { ...options, tls: { ca: ca.cert } });
    const error = await failure(dial(nodeTransport(options), "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "tls", retryable: false });
  });

  test("is sent its credentials, and the server is not", async () => {
    const server = await serve();
    const proxy = await connectProxy(server.port);
    await pass("ws://feed.test/", { proxy: `http://user:s3cr%20et@127.0.0.1:${proxy.port}` });
    expect(proxy.credentials).toEqual([`Basic ${btoa("user:s3cr et")}`]);
    expect(server.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  test.each([
    [407, "Proxy Authentication Required; set user and password in option proxy", false],
    [401, "Unauthorized; set user and password in option proxy", false],
    [403, "Forbidden", false],
    [502, "Bad Gateway", true],
    [503, "Service Unavailable", true],
  ])("that refuses with %d is told as the one who refused", async (status, name, retryable) => {
    const refusal = `HTTP/1.1 ${status} No\r\nRetry-After: 3\r\nContent-Length: 8\r\n\r\nask root`;
    for (const url of ["ws://feed.test/", "wss://feed.test/"]) {
      const proxy = await connectProxy(0, { refusal });
      const transport = nodeTransport({ proxy: `http://user:s3cret@127.0.0.1:${proxy.port}` });
      const error = await failure(dial(transport, url));
      expect(error).toMatchObject({ phase: "upgrade", status, retryable, retryAfter: 3_000 });
      expect(error.message).toBe(
        `Cannot connect to ${url} through the proxy http://127.0.0.1:${proxy.port}: the proxy answered HTTP ${status} ${name}: ask root`,
      );
    }
  });

  test("is not blamed when the server behind it refuses", async () => {
    const server = await serve({
      answer: (_, socket) => (socket.end("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), true),
    });
    const proxy = await connectProxy(server.port);
    const transport = nodeTransport({ proxy: `http://127.0.0.1:${proxy.port}` });
    const error = await failure(dial(transport, "ws://feed.test/"));
    expect(error.message).toBe(
      `Cannot connect to ws://feed.test/ through the proxy http://127.0.0.1:${proxy.port}: the server answered HTTP 403 Forbidden`,
    );
  });

  test("that hangs up is phase tcp", async () => {
    const port = await listen(
      net.createServer((socket) => socket.once("data", () => socket.end())),
    );
    const transport = nodeTransport({ proxy: `http://user:s3cret@127.0.0.1:${port}` });
    const error = await failure(dial(transport, "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "tcp", retryable: true });
    expect(error.message).toContain("Proxy connection ended before receiving CONNECT response");
    expect(error.message).not.toContain("s3cret");
  });
});

describe("a SOCKS proxy", () => {
  test.each([
    ["socks5", "127.0.0.1:80"],
    ["socks5h", "feed.test:80"],
    ["socks", "feed.test:80"],
    ["socks4", "127.0.0.1:80"],
    ["socks4a", "feed.test:80"],
  ])("%s: is asked for %s", async (scheme, target) => {
    const server = await serve();
    const proxy = await socksProxy(server.port);
    const options = { proxy: `${scheme}://127.0.0.1:${proxy.port}`, lookup: loopback };
    await pass("ws://feed.test/", options);
    expect(proxy.targets).toEqual([target]);
  });

  test("tunnels wss:, and the server's certificate is checked", async () => {
    const server = await serve({ tls: identity });
    const proxy = await socksProxy(server.port);
    const options = { proxy: `socks5h://127.0.0.1:${proxy.port}`, tls: { ca: ca.cert } };
    await pass("wss://feed.test/feed?x=1", options);
    await pass("wss://127.0.0.1/", options);
    expect(proxy.targets).toEqual(["feed.test:443", "127.0.0.1:443"]);
    // An IP address is no server name.
    const names = server.requests.map(({ socket }) => (socket as TLSSocket).servername);
    expect(names).toEqual(["feed.test", false]);
    const error = await failure(dial(nodeTransport(options), "wss://other.test/"));
    expect(error).toMatchObject({ phase: "tls", retryable: false });
  });

  test("is sent its credentials", async () => {
    const server = await serve();
    const proxy = await socksProxy(server.port, { password: "s3cr et" });
    await pass("ws://feed.test/", { proxy: `socks5h://user:s3cr%20et@127.0.0.1:${proxy.port}` });
    expect(proxy.credentials).toEqual(["user:s3cr et"]);
  });

  test("that refuses them is phase tcp, and neither error nor cause holds them", async () => {
    const proxy = await socksProxy(0, { password: "right" });
    const transport = nodeTransport({ proxy: `socks5h://user:s3cret@127.0.0.1:${proxy.port}` });
    const error = await failure(dial(transport, "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "tcp", retryable: true });
    expect(error.message).toMatch(
      /through the proxy socks5h:\/\/127\.0\.0\.1:\d+: Socks5 Authentication failed$/,
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cret");
  });

  test("that cannot reach the server says so", async () => {
    const proxy = await socksProxy(0, { reply: 5 });
    const error = await failure(
      dial(nodeTransport({ proxy: `socks5h://127.0.0.1:${proxy.port}` }), "ws://feed.test/"),
    );
    expect(error).toMatchObject({ phase: "tcp", retryable: true });
    expect(error.message).toContain("ConnectionRefused");
  });

  test("of version 5 resolves names here: a failure is phase dns", async () => {
    const proxy = await socksProxy(0);
    const lookup = failingLookup("ENOTFOUND");
    const options = { proxy: `socks5://127.0.0.1:${proxy.port}`, lookup };
    const error = await failure(dial(nodeTransport(options), "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "dns", cause: { code: "ENOTFOUND" } });
  });
});

describe("a proxy that is not there is phase tcp", () => {
  test.each(["http", "https", "socks5h"])("%s", async (scheme) => {
    const closed = net.createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as net.AddressInfo;
    closed.close();
    await once(closed, "close");
    const transport = nodeTransport({ proxy: `${scheme}://user:s3cret@127.0.0.1:${port}` });
    const error = await failure(dial(transport, "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "tcp", retryable: true, cause: { code: "ECONNREFUSED" } });
    expect(error.message).toContain(`through the proxy ${scheme}://127.0.0.1:${port}: `);
    expect(error.message).not.toContain("s3cret");
  });
});

describe("giving up leaves no socket at a proxy that does not answer", () => {
  test.each(["http", "socks5h", "socks4a"])("%s", async (scheme) => {
    const mute = net.createServer((socket) => socket.resume());
    const port = await listen(mute);
    const arrived = once(mute, "connection") as Promise<[net.Socket]>;
    const client = dial(
      nodeTransport({ proxy: `${scheme}://127.0.0.1:${port}` }),
      "ws://feed.test/",
    );
    const [socket] = await arrived;
    const gone = once(socket, "close");
    client.connection.terminate();
    expect(await client.closed).toMatchObject({ code: 1006, error: { name: "ConnectError" } });
    await gone;
  });
});

describe("the environment", () => {
  test("names the proxy, asked on every attempt", async () => {
    const server = await serve();
    const proxy = await connectProxy(server.port);
    const transport = nodeTransport({ proxy: "environment" });
    vi.stubEnv("http_proxy", `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv("no_proxy", "127.0.0.1");
    try {
      await dial(transport, "ws://feed.test/").opened;
      await dial(transport, server.url).opened;
      expect(proxy.targets).toEqual(["feed.test:80"]);
      vi.stubEnv("http_proxy", "");
      vi.stubEnv("HTTP_PROXY", "");
      vi.stubEnv("all_proxy", `socks5h://127.0.0.1:${(await socksProxy(server.port)).port}`);
      await dial(transport, "ws://feed.test/").opened;
      expect(proxy.targets).toEqual(["feed.test:80"]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("that names nonsense fails the attempt for good", async () => {
    vi.stubEnv("http_proxy", "ftp://user:s3cret@proxy.test");
    try {
      const error = await failure(dial(nodeTransport({ proxy: "environment" }), "ws://feed.test/"));
      expect(error).toMatchObject({ phase: "options", retryable: false });
      expect(error.message).not.toContain("s3cret");
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test("the proxy may change from attempt to attempt", async () => {
  const server = await serve();
  const proxies = [await connectProxy(server.port), await socksProxy(server.port)];
  const transport = nodeTransport({
    proxy: ({ attempt }) =>
      `${attempt === 0 ? "http" : "socks5h"}://127.0.0.1:${proxies[attempt]?.port}`,
  });
  for (const attempt of [0, 1]) await dial(transport, "ws://feed.test/", { attempt }).opened;
  expect(proxies.map(({ targets }) => targets)).toEqual([["feed.test:80"], ["feed.test:80"]]);
});
