import { ConfigurationError, createClient, type Message } from "@stream-tungstenite/core";
import {
  manualClock,
  memoryServer,
  memoryTransport,
  pluginContract,
} from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { resume } from "./index.ts";

describe("resume keeps the plugin contract", () => {
  const cases = pluginContract({
    plugin: () => resume(),
    serve: (message, peer) => {
      if (String(message).includes('"resume"')) peer.send('{"type":"resumed"}');
    },
  });
  for (const { name, skip, run } of cases) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});

/** A server that numbers what it says and remembers the last three. */
function numberingServer() {
  const server = memoryServer();
  const log: string[] = [];
  server.onMessage((message, peer) => {
    const { after } = JSON.parse(String(message)) as { readonly after: number };
    peer.send('{"type":"resumed"}');
    for (const line of log.slice(-3)) {
      if ((JSON.parse(line) as { readonly seq: number }).seq > after) peer.send(line);
    }
  });
  const say = (): void => {
    log.push(JSON.stringify({ seq: log.length + 1 }));
    if (server.live > 0) server.peer.send(log.at(-1)!);
  };
  return { server, say };
}

test("an application gets every message once, across an outage, and learns of those that are gone", async () => {
  const clock = manualClock();
  const { server, say } = numberingServer();
  const gaps: (readonly [number, number])[] = [];
  const plugin = resume({ onGap: (first, last) => gaps.push([first, last]) });
  const client = createClient({
    url: server.url,
    plugins: [memoryTransport(server), plugin],
    clock,
  });
  const messages: Message[] = [];
  client.on("message", (message) => messages.push(message));
  void client.connect();
  await clock.settle();
  say();
  say();
  for (const silent of [2, 5]) {
    server.drop();
    await clock.settle();
    for (let i = 0; i < silent; i++) say();
    await clock.advance(60_000);
  }
  expect(messages).toEqual([1, 2, 3, 4, 7, 8, 9].map((seq) => JSON.stringify({ seq })));
  expect(gaps).toEqual([[5, 6]]);
  expect(plugin.position).toBe(9);
  server.peer.send(JSON.stringify({ seq: 9 }));
  expect(messages).toHaveLength(7);
  await client.close();
  expect(clock.pending).toBe(0);
});

test("wrong options are refused at once, all of them", () => {
  const options = { timeout: -1, onGap: "no function", after: 5 } as never;
  expect(() => resume(options)).toThrow(
    new ConfigurationError([
      "resume.timeout: a number of milliseconds, 0 or more, is needed, not -1",
      "resume.onGap: a function is needed, not 'no function'",
      "resume.after: there is no such option",
    ]),
  );
});
