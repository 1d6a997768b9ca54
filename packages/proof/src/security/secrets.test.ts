import { unescape } from "node:querystring";
import { chain, sendMessage } from "@stream-tungstenite/core";
import type { ClientOptions, PluginList } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { browserTransport } from "@stream-tungstenite/transport-browser";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { freePort } from "rig/free-port";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { closeFrame, frame, opcode } from "rig/frame";
import { rawServer, type RawConnection } from "../hostile/raw-server.ts";
import { canary, escaped, everythingOf } from "./canaries.ts";
import { witness } from "./witness.ts";

/** A secret of every kind. */
const secrets = {
  user: canary("user"),
  password: canary("password"),
  query: canary("query"),
  bareQuery: canary("bare"),
  header: canary("header"),
  bearer: canary("bearer"),
  // What each may hold.
  cookie: canary("cookie", "/+&%2F='"),
  subprotocol: canary("subprotocol", "+&%2F'"),
  token: canary("token"),
  message: canary("message"),
  proxyUser: canary("proxyuser"),
  proxyPassword: canary("proxypassword"),
  passphrase: canary("passphrase"),
};
const all = Object.values(secrets);

const headers = {
  authorization: `Bearer ${secrets.bearer}`,
  cookie: `session=${secrets.cookie}; other=1`,
  "x-api-key": secrets.header,
};

/** The URL with secrets wherever one can hold them. */
function secretUrl(url: string): string {
  const made = new URL(url);
  made.username = encodeURIComponent(secrets.user);
  made.password = encodeURIComponent(secrets.password);
  made.search = query;
  return made.href;
}

const query = `?token=${encodeURIComponent(secrets.query)}&${encodeURIComponent(secrets.bareQuery)}`;

const handshakes = (): PluginList => [
  auth(() => secrets.token, { format: `{"token":"{}"}`, reply: true, timeout: 300 }),
  chain([sendMessage(`login ${secrets.message}`, { name: "login" })]),
];

/** An answer to the opening handshake that repeats all that it was told. */
function echo(line: string, { head, socket }: RawConnection): void {
  const basic = /authorization: basic (\S+)/i.exec(head)?.[1] ?? "";
  const body = `no: ${head} ${Buffer.from(basic, "base64").toString()}`;
  socket.end(`${line}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/** Upgrades, and answers the first message, which holds the token, with these bytes. */
const upgraded =
  (answer: (token: string) => Buffer) =>
  (connection: RawConnection): void => {
    connection.upgrade("Sec-WebSocket-Protocol: v1");
    connection.endAtClose();
    connection.socket.once("data", () => connection.socket.write(answer(secrets.token)));
  };

const failures: readonly (readonly [name: string, act: (connection: RawConnection) => void])[] = [
  ["that refuses with 401 and repeats the request", (c) => echo("HTTP/1.1 401 Unauthorized", c)],
  ["that is away and repeats the request", (c) => echo("HTTP/1.1 503 Unavailable", c)],
  [
    "that sends it elsewhere, secrets and all",
    ({ socket, head }) => {
      const path = head.split(" ")[1]!;
      socket.end(
        `HTTP/1.1 302 Found\r\nLocation: http://u:${secrets.password}@other.test${path}\r\n\r\n`,
      );
    },
  ],
  ["that talks nonsense", ({ socket, head }) => socket.end(head)],
  ["that hangs up", ({ socket }) => socket.destroy()],
  ["that chooses a subprotocol of its own", (c) => c.upgrade("Sec-WebSocket-Protocol: evil")],
  ["that breaks the protocol", upgraded((token) => frame(3, token))],
  ["that refuses the token and quotes it", upgraded((token) => closeFrame(1008, `bad ${token}`))],
  ["that goes away and quotes it", upgraded((token) => closeFrame(1011, `oops ${token}`))],
  ["that resets in the middle", upgraded((token) => frame(opcode.text, token, { length: 1_000 }))],
  ["that accepts", upgraded(() => frame(opcode.text, "welcome"))],
];

describe("no secret leaves a client whose server is one", () => {
  test.each(failures)("%s", async (name, act) => {
    const server = await rawServer((connection) => {
      act(connection);
      if (name.includes("reset")) connection.socket.resetAndDestroy();
    });
    const { testimony } = witness({
      url: secretUrl(server.url),
      protocols: ["v1", secrets.subprotocol],
      plugins: [nodeTransport({ headers: () => headers }), handshakes()],
    });
    const text = await testimony();
    expect(text).toContain("connecting ws://***@127.0.0.1");
    expect(server.connections[0]!.head, "they were sent indeed").toContain("Bearer canary-bearer");
    expect(escaped(text, all)).toEqual([]);
  });

  // What the class of `ws` keeps of nonsense is its own business.
  test.each(failures.filter(([name]) => !name.includes("nonsense")))(
    "over the platform's WebSocket, %s",
    async (_, act) => {
      const server = await rawServer(act);
      const { testimony } = witness({
        url: server.url + query,
        protocols: ["v1", secrets.subprotocol],
        // The class of `ws`: Node 20 has no global one.
        plugins: [browserTransport({ WebSocket }), handshakes()],
      });
      const text = await testimony();
      expect(text).toContain("connecting ws://127.0.0.1");
      expect(escaped(text, all)).toEqual([]);
    },
  );
});

/** What a server knows of a request. */
const known: readonly (readonly [name: string, value: string])[] = [
  ["the subprotocols", `v1,${secrets.subprotocol}`],
  ["one subprotocol", secrets.subprotocol],
  ["the path", new URL(`ws://x/${query}`).search],
  ["a query value", secrets.query],
  ["a parameter", secrets.bareQuery],
  ["user and password", `${secrets.user}:${secrets.password}`],
  ["the password", secrets.password],
  ["the authorization", headers.authorization],
  ["the bearer", secrets.bearer],
  ["the cookies", headers.cookie],
  ["one cookie", secrets.cookie],
  ["a header", secrets.header],
];
const quoteOf = (one: string): string => (one === "'" ? "&#39;" : "&quot;");
const quotes: readonly (readonly [name: string, quote: (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["decoded", (text) => unescape(text)],
  ["in a URL", (text) => encodeURIComponent(text)],
  ["in JSON", (text) => JSON.stringify({ text })],
  [
    "in HTML",
    (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replace(/["']/g, quoteOf),
  ],
];

describe("a server that refuses gives nothing away when it quotes", () => {
  test.each(
    known.flatMap(([what, value]) =>
      quotes.map(([how, quote]) => [`${what} ${how}`, quote(value)] as const),
    ),
  )("%s", async (_, quoted) => {
    const server = await rawServer(({ socket }) => {
      const body = `no: ${quoted}`;
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
    const { testimony } = witness({
      url: secretUrl(server.url),
      protocols: ["v1", secrets.subprotocol],
      plugins: [nodeTransport({ headers })],
    });
    const text = await testimony();
    expect(text).toMatch(/400 Bad Request: no: .*\*\*\*/);
    expect(escaped(text, all)).toEqual([]);
  });

  test.each(known.filter(([name]) => /bearer|cookie|header|value/.test(name)))(
    "%s in the place that it redirects to",
    async (_, value) => {
      const server = await rawServer(({ socket }) => {
        const place = `/login/${encodeURIComponent(value)}/now`;
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${place}\r\n\r\n`);
      });
      const { testimony } = witness({
        url: secretUrl(server.url),
        plugins: [nodeTransport({ headers })],
      });
      const text = await testimony();
      expect(text).toMatch(/302 Found to \/login\/.*\*\*\*.*\/now/);
      expect(escaped(text, all)).toEqual([]);
    },
  );
});

describe("what a function quotes when it throws is in cause only:", () => {
  const fail = (): never => {
    throw new Error(`POST https://idp.test/?client_secret=${secrets.password} failed`);
  };
  test.each<readonly [name: string, options: () => Partial<ClientOptions>]>([
    ["headers", () => ({ plugins: [nodeTransport({ headers: fail })] })],
    ["tls", () => ({ plugins: [nodeTransport({ tls: fail })] })],
    ["proxy", () => ({ plugins: [nodeTransport({ proxy: fail })] })],
    ["url", () => ({ url: fail, plugins: [nodeTransport()] })],
    ["protocols", () => ({ protocols: fail, plugins: [nodeTransport()] })],
  ])("%s", async (_, options) => {
    const { client, lines, testimony } = witness({
      url: "ws://127.0.0.1:9/",
      plugins: [],
      ...options(),
    });
    const messages: string[] = [];
    client.on("error", ({ error }) => void messages.push(error.message, error.stack ?? ""));
    const text = await testimony();
    expect(escaped(text, all), "the cause is kept").toEqual([secrets.password]);
    expect(messages.length).toBeGreaterThan(0);
    expect(escaped(everythingOf([lines, messages]), all)).toEqual([]);
  });
});

describe("no secret leaves a client that comes not even to a server, for", () => {
  const cases: readonly (readonly [
    name: string,
    options: () => Promise<{ url?: unknown; protocols?: unknown; transport?: object }>,
  ])[] = [
    ["nobody listens", async () => ({ url: secretUrl(`ws://127.0.0.1:${await freePort()}/`) })],
    ["the name cannot be resolved", async () => ({ url: secretUrl("ws://no.such.host.invalid/") })],
    [
      "the function for the URL quotes it",
      async () => ({ url: () => Promise.resolve(`http//${secrets.password}@x?${secrets.query}`) }),
    ],
    [
      "what should be a subprotocol is none",
      async () => ({ url: "ws://127.0.0.1:9/", protocols: () => [`${secrets.subprotocol}==`] }),
    ],
    [
      "a header cannot be sent",
      async () => ({
        url: "ws://127.0.0.1:9/",
        transport: { headers: () => ({ authorization: `${secrets.bearer}\r\nx: y` }) },
      }),
    ],
    [
      "the proxy's URL is none",
      async () => ({
        url: "ws://127.0.0.1:9/",
        transport: { proxy: () => `gopher://${secrets.proxyUser}:${secrets.proxyPassword}@x` },
      }),
    ],
    [
      "the passphrase is wrong",
      async () => ({
        url: "wss://127.0.0.1:9/",
        transport: { tls: () => ({ pfx: new Uint8Array(9), passphrase: secrets.passphrase }) },
      }),
    ],
    ...["http", "socks5h", "socks4a"].map(
      (scheme) =>
        [
          `the ${scheme} proxy is away`,
          async () => {
            const proxy = new URL(`${scheme}://127.0.0.1:${await freePort()}/`);
            proxy.username = secrets.proxyUser;
            proxy.password = secrets.proxyPassword;
            return { url: secretUrl("ws://server.test/"), transport: { proxy } };
          },
        ] as const,
    ),
    [
      "the proxy refuses and repeats the credentials",
      async () => {
        const refusing = await rawServer((connection) => {
          const basic = /proxy-authorization: basic (\S+)/i.exec(connection.head)?.[1] ?? "";
          const body = `who is ${Buffer.from(basic, "base64").toString()}? ${connection.head}`;
          connection.socket.end(
            `HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          );
        });
        const proxy = new URL(refusing.url.replace("ws", "http"));
        proxy.username = secrets.proxyUser;
        proxy.password = secrets.proxyPassword;
        return { url: secretUrl("ws://server.test/"), transport: { proxy } };
      },
    ],
  ];

  test.each(cases)("%s", async (_, make) => {
    const { url, protocols, transport = {} } = await make();
    const { testimony } = witness({
      url: url as string,
      protocols: protocols as string[],
      plugins: [nodeTransport({ headers: () => headers, ...transport }), handshakes()],
    });
    const text = await testimony();
    expect(text).toContain("ConnectError");
    expect(escaped(text, all)).toEqual([]);
  });
});

describe("no secret is in the error that refuses", () => {
  test.each<readonly [name: string, make: () => unknown]>([
    ["a URL", () => witness({ url: `http//${secrets.password}@x?${secrets.query}`, plugins: [] })],
    [
      "a subprotocol",
      () => witness({ url: "ws://x/", plugins: [], protocols: [`${secrets.subprotocol}==`] }),
    ],
    ["a header", () => nodeTransport({ headers: { cookie: `${secrets.cookie}\n` } })],
    ["a proxy", () => nodeTransport({ proxy: `x://${secrets.proxyPassword}@x` })],
    ["a passphrase", () => nodeTransport({ tls: { passphrase: [secrets.passphrase] as never } })],
    ["a key", () => nodeTransport({ tls: { key: secrets.token, cert: secrets.token } })],
    ["a token", () => auth(`${secrets.token}\ud800`)],
    ["a template", () => auth("x", { format: `Bearer ${secrets.token}` })],
  ])("%s", (_, make) => {
    let error: unknown;
    try {
      make();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "CONFIGURATION" });
    expect(escaped(everythingOf([error]), all)).toEqual([]);
  });
});
