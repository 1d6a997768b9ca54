import { describe, expect, test } from "vitest";
import {
  ClientClosedError,
  ConnectionLostError,
  NotConnectedError,
  TimeoutError,
  UnsupportedError,
} from "./index.ts";
import type { Handshake } from "./index.ts";
import { rig, watch } from "./test-kit.ts";

const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);
const bytes = (payload: string): Uint8Array => new TextEncoder().encode(payload);

describe("ping()", () => {
  test("resolves with the round trip", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const { ping } = client;
    await clock.advance(1000);
    const trip = watch(ping());
    await clock.advance(25);
    expect(trip.status).toBe("pending");
    peer.pong(peer.pings[0]);
    await clock.settle();
    expect(trip.value).toBe(25);
  });

  test("tells its own pings apart, however many there are", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const trips = Array.from({ length: 300 }, () => watch(client.ping()));
    await clock.settle();
    expect(new Set(peer.pings.map(String)).size).toBe(300);
    peer.pong(peer.pings[255]);
    await clock.settle();
    expect(trips.filter(({ status }) => status === "resolved")).toHaveLength(256);
  });

  test("does not take an answer that comes late, or twice, for that to the next ping", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    await client.ping();
    peer.answersPings = false;
    const late = watch(client.ping(undefined, { timeout: 10 }));
    await clock.advance(10);
    expect(late.error).toBeInstanceOf(TimeoutError);
    const trip = watch(client.ping());
    await clock.settle();
    for (const payload of [...peer.pings.slice(0, 2), bytes("unasked")]) {
      peer.pong(payload);
      await clock.settle();
      expect(trip.status).toBe("pending");
    }
    peer.pong(peer.pings[2]);
    await clock.settle();
    expect(trip.status).toBe("resolved");
  });

  test("sends the payload it is given, and takes only its answer", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const trip = watch(client.ping(bytes("mine")));
    await clock.settle();
    expect(peer.pings.map(text)).toEqual(["mine"]);
    for (const wrong of ["", "min", "mini", "mine!"]) peer.pong(bytes(wrong));
    await clock.settle();
    expect(trip.status).toBe("pending");
    peer.pong(bytes("mine"));
    await clock.settle();
    expect(trip.status).toBe("resolved");
  });

  test("compares bytes, whatever class holds them and however it prints", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const trip = watch(client.ping(Buffer.from("mine")));
    await clock.settle();
    peer.pong(bytes("mine"));
    await clock.settle();
    expect(trip.status).toBe("resolved");
  });

  test("takes one answer for one of several with the same payload", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const log: string[] = [];
    for (const name of ["first", "second", "third"]) {
      client.ping(bytes("same")).then(
        (rtt) => log.push(`${name} ${rtt}`),
        () => log.push(`${name} lost`),
      );
      await clock.advance(10);
    }
    peer.pong(bytes("same"));
    await clock.advance(5);
    expect(log).toEqual(["first 30"]);
    peer.pong(bytes("same"));
    await clock.settle();
    expect(log).toEqual(["first 30", "second 25"]);
    peer.drop();
    await clock.settle();
    expect(log).toEqual(["first 30", "second 25", "third lost"]);
  });

  test("forgets the first, the last or one between, and goes on with the others", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    for (const gone of [0, 1, 2]) {
      const log: number[] = [];
      const over = new AbortController();
      for (const index of [0, 1, 2]) {
        const waiting = index === gone ? { signal: over.signal } : undefined;
        client.ping(undefined, waiting).then(
          () => log.push(index),
          () => {},
        );
      }
      await clock.settle();
      over.abort();
      client.ping(bytes("last")).then(
        () => log.push(3),
        () => {},
      );
      await clock.settle();
      peer.pong(bytes("last"));
      await clock.settle();
      expect(log).toEqual([0, 1, 2, 3].filter((index) => index !== gone));
    }
  });

  test("takes the answer to a later one for an answer to those before, and for no other", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const trips = ["a", "b", "c"].map((payload) => watch(client.ping(bytes(payload))));
    await clock.settle();
    peer.pong(bytes("b"));
    await clock.settle();
    expect(trips.map(({ status }) => status)).toEqual(["resolved", "resolved", "pending"]);
  });

  test("rejects with NotConnectedError without a connection, in a handshake and while closing", async () => {
    const hello: Handshake = {
      name: "hello",
      handshake: async (session) => void (await session.receive()),
    };
    const { client, clock, server } = rig({ plugins: [hello] });
    await expect(client.ping()).rejects.toThrow(NotConnectedError);
    void client.connect();
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    await expect(client.ping()).rejects.toThrow(NotConnectedError);
    server.peer.send("welcome");
    await clock.settle();
    await client.ping();
    server.peer.answersClose = false;
    void client.disconnect();
    await expect(client.ping()).rejects.toThrow(NotConnectedError);
  });

  test("rejects with UnsupportedError where the transport has none", async () => {
    const { client, connected } = rig({ transport: { ping: false } });
    await connected();
    await expect(client.ping()).rejects.toThrow(UnsupportedError);
  });

  test("rejects after its timeout and on an abort", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const controller = new AbortController();
    const late = watch(client.ping(undefined, { timeout: 10 }));
    const aborted = watch(client.ping(undefined, { signal: controller.signal }));
    await clock.settle();
    controller.abort("enough");
    await clock.advance(10);
    expect(late.error).toEqual(new TimeoutError("The ping was not answered within 10 ms"));
    expect(aborted.error).toBe("enough");
    const sent = peer.pings.length;
    await expect(client.ping(undefined, { signal: AbortSignal.abort("before") })).rejects.toBe(
      "before",
    );
    expect(peer.pings).toHaveLength(sent);
  });

  test("rejects when the connection is lost before the answer", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    peer.answersPings = false;
    const trip = watch(client.ping());
    await clock.settle();
    peer.close(1001);
    await clock.settle();
    expect(trip.error).toEqual(new ConnectionLostError({ code: 1001, reason: "", wasClean: true }));
  });

  test("refuses a payload that no frame can carry", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    await client.ping(new Uint8Array(125));
    await expect(client.ping(new Uint8Array(126))).rejects.toThrow(RangeError);
    await expect(client.ping("text" as never)).rejects.toThrow(RangeError);
    expect(peer.pings).toHaveLength(1);
  });

  test("leaves nothing behind when the transport throws", async () => {
    const failure = new Error("no");
    const { client, clock, connected } = rig({
      onConnection(connection) {
        connection.ping = () => {
          throw failure;
        };
      },
    });
    const peer = await connected();
    await expect(client.ping(undefined, { timeout: 10 })).rejects.toBe(failure);
    const waiting = clock.pending;
    await expect(client.ping(undefined, { timeout: 10 })).rejects.toBe(failure);
    expect(clock.pending).toBe(waiting);
    peer.drop();
  });

  test("after close gives ClientClosedError", async () => {
    const { client } = rig();
    await client.close();
    await expect(client.ping()).rejects.toThrow(ClientClosedError);
  });
});
