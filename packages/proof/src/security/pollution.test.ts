import { createClient } from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { status } from "@stream-tungstenite/ext-status";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { logging } from "@stream-tungstenite/ext-logging";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { afterEach, describe, expect, test } from "vitest";

const pristine = Object.getOwnPropertyNames(Object.prototype).length;
afterEach(() => {
  expect(
    Object.getOwnPropertyNames(Object.prototype),
    "nothing was added to every object",
  ).toHaveLength(pristine);
  expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
});

const hostile = [
  '{"__proto__":{"polluted":1},"type":"subscribed"}',
  '{"constructor":{"prototype":{"polluted":1}},"type":"subscribed","channels":["__proto__"]}',
  '{"type":"subscribed","channels":["__proto__","constructor","toString","a"]}',
  '{"type":"error","channel":"__proto__","reason":{"__proto__":{"polluted":1}}}',
  '{"type":"error","channel":"constructor"}',
  '{"type":{"__proto__":null},"channels":{"__proto__":["a"]}}',
  '["__proto__"]',
  "null",
  "__proto__",
  "{".repeat(10_000),
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
];

describe("what a server sends as JSON pollutes nothing, and confirms nothing else:", () => {
  test.each(hostile.map((text) => [text.slice(0, 60), text] as const))("%s", async (_, text) => {
    const clock = manualClock();
    const server = memoryServer();
    const subscriptions = subscribe(["a", "__proto__", "constructor"], {
      confirm: true,
      timeout: 50,
    });
    const client = createClient({
      url: server.url,
      clock,
      plugins: [memoryTransport(server), subscriptions, { name: "no", nextDelay: () => null }],
    });
    const connecting = client.connect().catch((error: unknown) => error);
    await clock.settle();
    expect(JSON.parse(String(server.peer.received[0]))).toEqual({
      type: "subscribe",
      channels: ["a", "__proto__", "constructor"],
    });
    server.peer.send(text);
    await clock.advance(100);
    await connecting;
    expect(subscriptions.channels).toEqual(expect.arrayContaining(["a"]));
    await client.close();
  });
});

test("channels named like members of objects are channels like others", async () => {
  const clock = manualClock();
  const server = memoryServer();
  const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
  const subscriptions = subscribe(names, { confirm: true });
  const client = createClient({
    url: server.url,
    clock,
    plugins: [memoryTransport(server), subscriptions],
  });
  const connecting = client.connect();
  await clock.settle();
  server.peer.send(JSON.stringify({ type: "subscribed", channels: names }));
  await connecting;
  expect(subscriptions.channels).toEqual(names);
  const removing = subscriptions.remove(["__proto__"]);
  await clock.settle();
  server.peer.send('{"type":"unsubscribed"}');
  await removing;
  expect(subscriptions.channels).toEqual(names.slice(1));
  await client.close();
});

describe("options that were parsed from hostile JSON pollute nothing:", () => {
  const parsed = (): object => JSON.parse('{"__proto__":{"polluted":1,"timeout":-5}}') as object;

  test.each<readonly [name: string, make: (options: object) => unknown]>([
    ["createClient", (options) => createClient({ ...options, url: "ws://x/", plugins: [] })],
    ["createClient, as they are", (options) => createClient(options as never)],
    ["nodeTransport", (options) => nodeTransport(options)],
    ["auth", (options) => auth("x", options)],
    ["heartbeat", (options) => heartbeat(options)],
    ["status", (options) => status(options)],
    ["logging", (options) => logging(options)],
    ["headers", (headers) => nodeTransport({ headers: headers as never })],
  ])("%s", (_, make) => {
    expect(() => make(parsed())).toThrow(/__proto__/);
  });

  test("subscribe", () => {
    expect(() => subscribe(["a"], parsed())).not.toThrow(TypeError);
  });
});
