import type { Message } from "@stream-tungstenite/core";
import { HandshakeRejectedError } from "@stream-tungstenite/core";
import { rig, watch } from "rig";
import { describe, expect, test } from "vitest";
import { SubscriptionRefusedError, subscribe } from "./index.ts";
import { confirmAsJson } from "./confirm.ts";
import { asked, confirmed } from "./testing/protocol.ts";

const refused = (channel: string, reason?: string): string =>
  JSON.stringify({ type: "error", channel, reason });

describe("confirm: true", () => {
  test.each<[string, unknown]>([
    ['{"type":"subscribed","channels":["a"]}', { confirmed: ["a"] }],
    ['{"type":"subscribed"}', { confirmed: ["a", "b"] }],
    ['{"type":"subscribed","channels":null}', { confirmed: ["a", "b"] }],
    ['{"type":"subscribed","channels":5}', { confirmed: [5] }],
    ['{"type":"error","channel":"b"}', { refused: ["b"], reason: undefined }],
    ['{"type":"error","channel":"b","reason":"no"}', { refused: ["b"], reason: "no" }],
    ['{"type":"error","channel":"c"}', undefined],
    ['{"type":"error"}', undefined],
    ['{"type":"unsubscribed"}', undefined],
    ['{"type":"trade","channel":"a"}', undefined],
    ["null", undefined],
    ["hello", undefined],
    ['"a"', undefined],
  ])("understands %s", (message, verdict) => {
    expect(confirmAsJson(message, ["a", "b"], "subscribe")).toEqual(verdict);
  });

  test("understands answers to an unsubscribe, and no bytes", () => {
    expect(confirmAsJson('{"type":"unsubscribed"}', ["a"], "unsubscribe")).toEqual({
      confirmed: ["a"],
    });
    expect(confirmAsJson('{"type":"subscribed"}', ["a"], "unsubscribe")).toBeUndefined();
    expect(confirmAsJson(new Uint8Array([123]), ["a"], "subscribe")).toBeUndefined();
  });
});

describe("a refusal", () => {
  test("of a channel named at the beginning is fatal, and names it", async () => {
    const { clock, server, client, started } = rig([
      subscribe(["good", "bad"], { confirm: true, name: "feeds" }),
    ]);
    const connecting = await started();
    server.peer.send(refused("bad", "no such channel"));
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(SubscriptionRefusedError);
    expect(connecting.error).toBeInstanceOf(HandshakeRejectedError);
    expect(connecting.error).toMatchObject({
      name: "SubscriptionRefusedError",
      code: "SUBSCRIPTION_REFUSED",
      step: "feeds",
      channels: ["bad"],
      retryable: false,
      message: "Handshake 'feeds' was refused 'bad': no such channel",
    });
    expect(client.state.status).toBe("closed");
  });

  test("is retried with the same channels where the client says so", async () => {
    const { clock, server, client, started } = rig([subscribe(["a"], { confirm: true })], {
      shouldReconnect: () => true,
    });
    await started();
    server.peer.send(refused("a"));
    await clock.advance(1000);
    expect(server.peers.map((peer) => peer.received)).toEqual([[asked("a")], [asked("a")]]);
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("of a channel added later rejects its promise, and takes it out of the set", async () => {
    const feeds = subscribe(["a"]);
    const confirming = subscribe(["x"], { confirm: true, name: "confirming" });
    const { clock, server, client, errors, started } = rig([feeds, confirming]);
    await started();
    server.peer.send(confirmed("x"));
    await clock.settle();
    const good = watch(confirming.add(["good"]));
    const bad = watch(confirming.add(["bad"]));
    server.peer.send(confirmed("good"));
    await clock.settle();
    server.peer.send(refused("bad"));
    await clock.settle();
    expect(good.status).toBe("resolved");
    expect(bad.error).toMatchObject({
      channels: ["bad"],
      message: "Handshake 'confirming' was refused 'bad': no reason",
    });
    expect(errors).toEqual([
      expect.objectContaining({ code: "PLUGIN", plugin: "confirming", cause: bad.error }),
    ]);
    expect(client.isConnected).toBe(true);
    expect(confirming.channels).toEqual(["x", "good"]);
    server.drop();
    await clock.advance(1000);
    expect(server.peer.received).toEqual([asked("a"), asked("x", "good")]);
    void client.close();
  });

  test("of a channel added while disconnected does not fail the connection", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    const adding = watch(feeds.add(["b"]));
    await started();
    server.peer.send(refused("b", "full"));
    server.peer.send(confirmed("a"));
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(adding.error).toMatchObject({ channels: ["b"] });
    expect(feeds.channels).toEqual(["a"]);
    void client.close();
  });

  test("of a channel that had been confirmed takes it out of the set, and is told", async () => {
    const feeds = subscribe(["a", "b"], { confirm: true });
    const { clock, server, client, errors, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a", "b"));
    await clock.settle();
    server.drop();
    await clock.advance(1000);
    server.peer.send(refused("a", "revoked"));
    server.peer.send(confirmed("b"));
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(feeds.channels).toEqual(["b"]);
    expect(errors[0]!.message).toBe(
      "Plugin 'subscribe' failed in report: Handshake 'subscribe' was refused 'a': revoked",
    );
    void client.close();
  });

  test("of a removal is told, and the channel is gone from the set", async () => {
    const feeds = subscribe(["a"], { confirm: true });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    server.peer.send(refused("a", "busy"));
    await clock.settle();
    expect(removing.error).toMatchObject({ channels: ["a"] });
    expect(feeds.channels).toEqual([]);
    expect(server.peer.received).toHaveLength(2);
    void client.close();
  });

  test("of a channel that was removed meanwhile is as good as its removal", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    void feeds.add(["a"]);
    const removing = watch(feeds.remove(["a"]));
    peer.send(refused("a"));
    await clock.settle();
    expect(removing.status).toBe("resolved");
    expect(peer.received).toEqual([asked("a")]);
    void client.close();
  });
});

test("a refusal on a connection that was there before leaves it alone", async () => {
  const { clock, client, errors, connected } = rig([]);
  const peer = await connected();
  const feeds = subscribe(["bad"], { confirm: true });
  client.use(feeds);
  peer.send(refused("bad"));
  await clock.settle();
  expect(client.isConnected).toBe(true);
  expect(feeds.channels).toEqual([]);
  expect(errors).toHaveLength(1);
  void client.close();
  await clock.settle();
});

describe("no answer in time", () => {
  test("is of no interest when the connection is lost while receiving is paused", async () => {
    const feeds = subscribe([], { confirm: true });
    const { clock, server, client, connected } = rig([feeds]);
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    const first = reader.next();
    peer.send("1");
    await first;
    peer.send("2");
    await clock.settle();
    expect(peer.paused).toBe(true);
    const adding = watch(feeds.add(["a"]));
    client.reconnect();
    await clock.settle();
    expect(server.peers).toHaveLength(2);
    expect(server.peer.received).toEqual([asked("a")]);
    expect(adding.status).toBe("pending");
    void client.close();
    await clock.settle();
  });

  test("of a channel that was to be removed and is wanted again keeps it in the set", async () => {
    const feeds = subscribe(["a"], { confirm: true, timeout: 500 });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a"));
    await clock.settle();
    void feeds.add(["b"]);
    void feeds.remove(["a"]);
    void feeds.add(["a"]);
    server.peer.send(confirmed("b"));
    await clock.settle();
    expect(server.peer.received).toEqual([asked("a"), asked("b")]);
    server.drop();
    await clock.advance(600);
    server.peer.send(confirmed("b"));
    await clock.advance(600);
    expect(feeds.channels).toEqual(["b", "a"]);
    expect(client.isConnected).toBe(false);
    void client.close();
    await clock.settle();
  });

  test("fails the handshake, which is retried with the same channels", async () => {
    const feeds = subscribe(["a"], { confirm: true, timeout: 500 });
    const { clock, server, client, errors, started } = rig([feeds]);
    await started();
    await clock.advance(499);
    expect(errors).toEqual([]);
    await clock.advance(1);
    expect(errors[0]).toMatchObject({
      code: "HANDSHAKE_TIMEOUT",
      message: "Handshake 'subscribe' timed out after 500 ms",
    });
    await clock.advance(1000);
    expect(server.peer.received).toEqual([asked("a")]);
    server.peer.send(confirmed("a"));
    await clock.settle();
    server.drop();
    await clock.advance(1000 + 500);
    expect(client.isConnected).toBe(false);
    expect(feeds.channels).toEqual(["a"]);
    void client.close();
  });

  test("is ten seconds by default, and for ever with 0", async () => {
    const run = async (timeout: number | undefined): Promise<number | undefined> => {
      const { clock, client, errors, started } = rig([
        subscribe(["a"], { confirm: true, timeout }),
      ]);
      await started();
      await clock.advance(9_999);
      expect(errors).toEqual([]);
      await clock.advance(1);
      const failed = errors.length;
      void client.close();
      return failed;
    };
    expect(await run(undefined)).toBe(1);
    expect(await run(0)).toBe(0);
  });

  test("rejects an addition on a live connection, and takes it out of the set", async () => {
    const feeds = subscribe([], { confirm: true, timeout: 500 });
    const { clock, client, errors, connected } = rig([feeds]);
    await connected();
    const adding = watch(feeds.add(["a"]));
    await clock.advance(500);
    expect(adding.error).toMatchObject({ code: "HANDSHAKE_TIMEOUT" });
    expect(feeds.channels).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("to an addition does not fail the handshake that asks for it", async () => {
    const feeds = subscribe(["a"], { confirm: true, timeout: 500 });
    const { clock, server, client, started } = rig([feeds]);
    const adding = watch(feeds.add(["silent"]));
    await started();
    server.peer.send(confirmed("a"));
    await clock.advance(500);
    expect(client.isConnected).toBe(true);
    expect(adding.status).toBe("rejected");
    expect(feeds.channels).toEqual(["a"]);
    void client.close();
  });

  test("rejects a removal; the channel is gone from the set", async () => {
    const feeds = subscribe(["a"], { confirm: true, timeout: 500 });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    server.peer.send(confirmed("a"));
    await clock.settle();
    const removing = watch(feeds.remove(["a"]));
    await clock.advance(500);
    expect(removing.error).toMatchObject({ code: "HANDSHAKE_TIMEOUT" });
    expect(feeds.channels).toEqual([]);
    expect(server.peer.received).toHaveLength(2);
    void client.close();
  });

  test("rests while receiving is paused", async () => {
    const feeds = subscribe([], { confirm: true, timeout: 500 });
    const { clock, client, connected } = rig([feeds]);
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    const first = reader.next();
    peer.send("1");
    await first;
    peer.send("2");
    await clock.settle();
    expect(peer.paused).toBe(true);
    const adding = watch(feeds.add(["a"]));
    await clock.advance(700);
    peer.send(confirmed("a"));
    expect(adding.status).toBe("pending");
    await reader.next();
    await clock.settle();
    expect(adding.status).toBe("resolved");
    void client.close();
  });
});

describe("a confirm function", () => {
  test("judges each message for the channels of the request", async () => {
    const seen: unknown[] = [];
    const feeds = subscribe(["a", "b"], {
      confirm: (message, pending, action) => {
        seen.push([message, pending, action]);
        return message === "+OK" ? { confirmed: pending.slice(0, 1) } : undefined;
      },
    });
    const { clock, server, client, messages, started } = rig([feeds]);
    await started();
    server.peer.send("+OK");
    server.peer.send("MSG");
    server.peer.send("+OK");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(messages).toEqual(["MSG"]);
    void feeds.remove(["a"]);
    server.peer.send("+OK");
    await clock.settle();
    expect(seen[0]).toEqual(["+OK", ["a", "b"], "subscribe"]);
    expect(seen.at(-1)).toEqual(["+OK", ["a"], "unsubscribe"]);
    void client.close();
  });

  test("may take a message and say nothing, and name channels that nobody asked for", async () => {
    const { clock, server, client, messages, errors, started } = rig([
      subscribe(["a"], {
        confirm: (message) =>
          message === "?" ? {} : { confirmed: ["z", "a"], refused: ["y", "a"] },
      }),
    ]);
    await started();
    server.peer.send("?");
    await clock.settle();
    expect(client.isConnected).toBe(false);
    server.peer.send("!");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(messages).toEqual([]);
    expect(errors).toEqual([]);
    void client.close();
  });

  test("that throws fails what it was to judge", async () => {
    const { clock, server, client, errors, started } = rig([
      subscribe(["a"], {
        confirm: () => {
          throw new Error("cannot read");
        },
      }),
    ]);
    await started();
    server.peer.send("x");
    await clock.settle();
    expect(errors[0]!.message).toBe("Handshake 'subscribe' failed: cannot read");
    void client.close();
  });

  test("maps the ids that a server assigns, new on every connection", async () => {
    const requests = new Map<number, string>();
    const ids = new Map<string, string>();
    let last = 0;
    const heads = subscribe(["newHeads"], {
      format: (channels, action) =>
        channels.map((channel) => {
          requests.set(++last, channel);
          const id = [...ids].find(([, name]) => name === channel)?.[0];
          const params = [action === "subscribe" ? channel : id];
          return JSON.stringify({ id: last, method: `eth_${action}`, params });
        }),
      confirm: (message, _pending, action) => {
        const { id, result, error } = JSON.parse(String(message)) as Answer;
        const channel = requests.get(id ?? NaN);
        if (channel === undefined) return undefined;
        requests.delete(id!);
        if (error) return { refused: [channel], reason: error.message };
        if (action === "subscribe") ids.set(String(result), channel);
        return { confirmed: [channel] };
      },
    });
    const { clock, server, client, started } = rig([heads]);
    const got: (string | undefined)[] = [];
    client.on("message", (message: Message) => {
      const { params } = JSON.parse(String(message)) as Answer;
      got.push(ids.get(params?.subscription ?? ""));
    });
    await started();
    server.peer.send('{"id":1,"result":"0xa"}');
    server.peer.send('{"method":"eth_subscription","params":{"subscription":"0xa"}}');
    await clock.settle();
    server.drop();
    await clock.advance(1000);
    server.peer.send('{"id":2,"result":"0xb"}');
    server.peer.send('{"method":"eth_subscription","params":{"subscription":"0xb"}}');
    await clock.settle();
    expect(got).toEqual(["newHeads", "newHeads"]);
    const logs = watch(heads.add(["logs"]));
    server.peer.send('{"id":3,"error":{"message":"no filter"}}');
    await clock.settle();
    expect((logs.error as Error).message).toBe(
      "Handshake 'subscribe' was refused 'logs': no filter",
    );
    void client.close();
  });
});

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly params?: { readonly subscription: string };
}
