import { PluginError, sendMessage } from "@stream-tungstenite/core";
import { rig } from "rig";
import { expect, test } from "vitest";
import { logging } from "./index.ts";
import type { LoggerLike, LoggingOptions } from "./index.ts";
import { levels } from "./options.ts";

interface Log {
  readonly lines: string[];
  readonly logger: LoggerLike;
}

/** A logger that keeps its lines, each with its level. */
function log(): Log {
  const lines: string[] = [];
  const methods = levels.map((level) => [
    level,
    (...values: unknown[]) => void lines.push(`${level} ${values.join("|")}`),
  ]);
  return { lines, logger: Object.fromEntries(methods) as LoggerLike };
}

/** A logging extension that logs into a list. */
function logged(options: LoggingOptions = {}) {
  const { lines, logger } = log();
  return { lines, plugin: logging({ logger, ...options }) };
}

test("tells the life of a client at level info", async () => {
  const { lines, plugin } = logged();
  const { clock, client, server, connected } = rig([plugin]);
  server.script((dial) => dial.refuse(503));
  void connected().catch(() => {});
  await clock.advance(500);
  await clock.advance(10_000.4); // clocks may count in fractions
  server.drop();
  await clock.advance(500);
  await client.close();
  expect(lines).toEqual([
    "info [ws] connecting ws://server.test/, attempt 0",
    "warn [ws] Connecting to ws://server.test/ failed: HTTP status 503",
    "info [ws] attempt 1 in 500 ms",
    "info [ws] connecting ws://server.test/, attempt 1",
    "info [ws] connected, connection 1",
    "warn [ws] disconnected after 10000 ms: Connection lost: close code 1006",
    "info [ws] attempt 1 in 500 ms",
    "info [ws] connecting ws://server.test/, attempt 1",
    "info [ws] connected, connection 2",
    "info [ws] disconnected after 0 ms",
    "info [ws] closed",
  ]);
});

test("tells at level error why the client gave up, and what plugins did wrong, and nothing else", async () => {
  const { lines, plugin } = logged({ level: "error" });
  const broken = {
    name: "broken",
    nextDelay: () => null,
    onConnected() {
      throw new Error("no reason");
    },
  };
  const { clock, server, connected } = rig([plugin, broken]);
  await connected();
  server.drop();
  await clock.settle();
  expect(lines).toEqual([
    "error [ws] Plugin 'broken' failed in onConnected: no reason",
    "error [ws] gave up: Gave up after 0 retries in 0 ms: Connection lost: close code 1006",
  ]);
});

test("tells at level trace every change of the state, and the step of a handshake", async () => {
  const { lines, plugin } = logged({ level: "trace" });
  const { connected } = rig([plugin, sendMessage("hello")]);
  await connected();
  expect(lines.filter((line) => line.startsWith("trace"))).toEqual([
    "trace [ws] idle > connecting",
    "trace [ws] connecting > handshaking send-message",
    "trace [ws] handshaking > connected",
  ]);
});

test("tells how many messages were dropped or skipped, and never which", async () => {
  const { lines, plugin } = logged();
  const { clock, client, connected } = rig([plugin]);
  const peer = await connected();
  const reader = client.messages({ highWaterMark: 1, overflow: "drop-oldest" });
  peer.send("s3cret");
  peer.send("s3cret");
  await client.disconnect();
  client.send("s3cret", { maxAge: 10 });
  await clock.advance(20);
  await reader.return?.();
  await client.close();
  expect(lines).toContain("warn [ws] 1 messages skipped: slow reader");
  expect(lines).toContain("warn [ws] 1 messages dropped: expired");
  expect(lines.join()).not.toContain("s3cret");
});

test("a level leaves out what is noisier", async () => {
  const { lines, plugin } = logged({ level: "warn" });
  const { client, server, connected, clock } = rig([plugin]);
  await connected();
  server.drop();
  await clock.advance(500);
  await client.close();
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["warn"]);
});

test("messages are logged in both directions when asked, at level debug", async () => {
  const { lines, plugin } = logged({ messages: true });
  const { client, messages, connected } = rig([plugin]);
  const peer = await connected();
  client.send("order");
  peer.send("receipt");
  peer.send(Uint8Array.of(1, 2));
  expect(lines.filter((line) => line.startsWith("debug"))).toEqual([
    "debug [ws] sent: order",
    "debug [ws] received: receipt",
    "debug [ws] received: [binary, 2 bytes: 01 02]",
  ]);
  expect(peer.received).toEqual(["order"]);
  expect(messages).toEqual(["receipt", Uint8Array.of(1, 2)]);
});

test.each<[LoggingOptions, boolean]>([
  [{}, false],
  [{ level: "trace" }, false],
  [{ level: "trace", messages: false }, false],
  [{ messages: true }, true],
  [{ messages: true, level: "trace" }, true],
  [{ messages: true, level: "debug" }, true],
  [{ messages: true, level: "info" }, false],
  [{ messages: true, level: "warn" }, false],
  [{ messages: true, level: "error" }, false],
])("with %o there are hooks for messages: %s", (options, expected) => {
  const plugin = logging(options);
  expect([plugin.onMessage !== undefined, plugin.onSend !== undefined]).toEqual([
    expected,
    expected,
  ]);
});

test("verbose logs messages, and what its options say", () => {
  expect(logging.verbose().onMessage).toBeTypeOf("function");
  expect(logging.verbose({ messages: undefined }).onMessage).toBeTypeOf("function");
  expect(logging.verbose({ level: "trace" }).onSend).toBeTypeOf("function");
  expect(logging.verbose({ level: "info" }).onSend).toBeUndefined();
  expect(logging.verbose({ messages: false }).onSend).toBeUndefined();
  expect(logging.verbose({ name: "chatty" }).name).toBe("chatty");
});

test("handshake messages, and what arrives before the client is connected, stay hidden", async () => {
  const { lines, plugin } = logged({ messages: true });
  const hello = sendMessage("s3cret", { reply: (message) => message === "welcome s3cret" });
  const { server, connected } = rig([plugin, hello]);
  server.onMessage((_, peer) => {
    peer.send("early s3cret");
    peer.send("welcome s3cret");
  });
  await connected();
  expect(lines.filter((line) => line.startsWith("debug"))).toEqual([
    "debug [ws] sent: [handshake message, 6 bytes]",
    "debug [ws] received: [handshake message, 12 bytes]",
    "debug [ws] received: [handshake message, 14 bytes]",
  ]);
});

test("secrets in messages are hidden, unless asked otherwise", async () => {
  const hidden = logged({ messages: true });
  const shown = logged({ messages: true, redact: false, name: "shown" });
  const own = logged({
    messages: true,
    redact: (text) => text.replaceAll("s3cret", "[mine]"),
    name: "own",
  });
  const { client, connected } = rig([hidden.plugin, shown.plugin, own.plugin]);
  await connected();
  client.send('{"password":"s3cret"}');
  expect(hidden.lines.at(-1)).toBe('debug [ws] sent: {"password":"***"}');
  expect(shown.lines.at(-1)).toBe('debug [ws] sent: {"password":"s3cret"}');
  expect(own.lines.at(-1)).toBe('debug [ws] sent: {"password":"[mine]"}');
});

test("secrets in the reason of a close or in an error are hidden as well", async () => {
  const { lines, plugin } = logged();
  const { clock, connected } = rig([plugin]);
  const peer = await connected();
  peer.close(4000, "token=s3cret\nforged line");
  await clock.settle();
  expect(lines.at(-2)).toBe(
    "warn [ws] disconnected after 0 ms: Connection lost: close code 4000 'token=*** forged line'",
  );
});

test("a line about an error has at most 1,000 characters", async () => {
  const { lines, plugin } = logged();
  const long = {
    name: "long",
    handshake: () => Promise.reject(new Error("x".repeat(5_000_000))),
  };
  const { clock, client } = rig([plugin, long]);
  client.connect().catch(() => {});
  await clock.settle();
  expect(lines.some((line) => line.includes("xxx"))).toBe(true);
  expect(Math.max(...lines.map((line) => line.length))).toBe("warn [ws] ".length + 1_000);
  await client.close();
});

test("as the first plugin it shows messages as the application knows them, as the last those on the wire", async () => {
  const first = logged({ messages: true, name: "first" });
  const last = logged({ messages: true, name: "last" });
  const codec = {
    name: "codec",
    onSend: (message: unknown) => `<${String(message)}>`,
    onMessage: (message: unknown) => String(message).slice(1, -1),
  };
  const { client, connected } = rig([first.plugin, codec, last.plugin]);
  const peer = await connected();
  client.send("out");
  peer.send("<in>");
  expect(first.lines.slice(-2)).toEqual(["debug [ws] sent: out", "debug [ws] received: in"]);
  expect(last.lines.slice(-2)).toEqual(["debug [ws] sent: <out>", "debug [ws] received: <in>"]);
});

test("the prefix is another, or none", async () => {
  const other = logged({ prefix: "feed" });
  const none = logged({ prefix: "", name: "none" });
  const { connected } = rig([other.plugin, none.plugin]);
  await connected();
  expect(other.lines.at(-1)).toBe("info [feed] connected, connection 1");
  expect(none.lines.at(-1)).toBe("info connected, connection 1");
});

test("long messages are cut at maxLength", async () => {
  const { lines, plugin } = logged({ messages: true, maxLength: 5 });
  const { client, connected } = rig([plugin]);
  await connected();
  client.send("0123456789");
  expect(lines.at(-1)).toBe("debug [ws] sent: 01234… (10 characters)");
});

test.each(["ignore", "disconnect"] as const)(
  "a logger that throws is reported once and harms nothing, with the policy %s",
  async (pluginErrorPolicy) => {
    const boom = (): never => {
      throw new Error("disk full");
    };
    const plugin = logging({ messages: true, logger: { info: boom, debug: boom, error: boom } });
    const { clock, client, errors, messages, connected } = rig([plugin], {
      pluginErrorPolicy,
    });
    const peer = await connected();
    client.send("order");
    peer.send("receipt");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(peer.received).toEqual(["order"]);
    expect(messages).toEqual(["receipt"]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(PluginError);
    expect(errors[0]).toMatchObject({ plugin: "logging", cause: { message: "disk full" } });
  },
);

test("a message is not shown when the application's redaction throws", async () => {
  const { lines, plugin } = logged({
    messages: true,
    redact: (text) => {
      if (text.includes("s3cret")) throw new Error("cannot parse");
      return text;
    },
  });
  const { client, errors, connected } = rig([plugin]);
  await connected();
  client.send("s3cret");
  client.send("fine");
  expect(lines.join()).not.toContain("s3cret");
  expect(lines.at(-1)).toBe("debug [ws] sent: fine");
  expect(errors).toHaveLength(1);
});

test("taken away it logs nothing any more", async () => {
  const { lines, plugin } = logged({ messages: true });
  const { client, connected } = rig([]);
  const remove = client.use(plugin);
  await connected();
  const before = lines.length;
  expect(before).toBeGreaterThan(0);
  remove();
  client.send("order");
  await client.close();
  expect(lines).toHaveLength(before);
});

test("serves another client after the first is closed", async () => {
  const { lines, plugin } = logged();
  const first = rig([plugin]);
  await first.connected();
  await first.client.close();
  const before = lines.length;
  const second = rig([plugin]);
  await second.connected();
  expect(lines.slice(before)).toEqual([
    "info [ws] connecting ws://server.test/, attempt 0",
    "info [ws] connected, connection 1",
  ]);
});
