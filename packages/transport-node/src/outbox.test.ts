import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Socket } from "node:net";
import { certificate } from "rig/certificates";
import { serve, type Peer } from "rig/serve";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport } from "./index.ts";
import { dial, type Dial } from "./testing/dial.ts";
import { UpgradedDuplex } from "./testing/upgraded-duplex.ts";

async function open(
  highWaterMark = 1_048_576,
  options = {},
): Promise<{ client: Dial; peer: Peer }> {
  const server = await serve();
  const client = dial(nodeTransport(options), server.url, { highWaterMark });
  await client.opened;
  return { client, peer: await server.peers.take() };
}

/** More than the sockets' buffers of any platform take. */
const flood = new Uint8Array(32 * 1024 * 1024);

describe("send", () => {
  test.each([
    ["", 0],
    ["a", 1],
    ["€😀", 7],
    ["ä".repeat(600), 1_200],
    ["€".repeat(5_000), 15_000],
    ["a".repeat(65_535), 65_535],
    ["a".repeat(65_536), 65_536],
    ["😀".repeat(20_000), 80_000],
    [Uint8Array.of(1, 2, 3), 3],
    [new Uint8Array(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2), 2],
  ])("%j is %d bytes, and arrives as it was", async (message, bytes) => {
    const { client, peer } = await open();
    expect(client.connection.send(message)).toBe(bytes);
    const received = await peer.messages.take();
    expect(received).toEqual(typeof message === "string" ? message : Buffer.from(message));
  });

  test("counts the bytes of texts that wait behind others, with compression and without", async () => {
    for (const perMessageDeflate of [true, false]) {
      const { client } = await open(1_048_576, { perMessageDeflate });
      const lengths = [600, 70_000, 5, 40_000, 70_000, 600];
      const bytes = lengths.map((length) => client.connection.send("ä".repeat(length)));
      expect(bytes).toEqual(lengths.map((length) => 2 * length));
    }
  });

  test("masks as the option of ws says", async () => {
    const generateMask = (mask: Buffer): void => mask.set([1, 2, 3, 4]);
    const { client, peer } = await open(1_048_576, { ws: { generateMask } });
    const received = once(peer.socket, "data");
    client.connection.send("@@@@@");
    const [frame] = (await received) as [Buffer];
    expect(frame.subarray(0, 6)).toEqual(Buffer.from([0x81, 0x85, 1, 2, 3, 4]));
    expect(await peer.messages.take()).toBe("@@@@@");
  });

  test("counts the bytes of a text although the socket is dead already", async () => {
    const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");
    const { client } = await open();
    for (const socket of noDelay.mock.contexts) (socket as Socket).destroy();
    vi.restoreAllMocks();
    expect(client.connection.send("ä".repeat(600))).toBe(1_200);
    await client.closed;
  });

  test("bytes handed over are left as they were", async () => {
    const { client, peer } = await open();
    const small = Uint8Array.of(1, 2, 3);
    const large = new Uint8Array(100_000).fill(7);
    client.connection.send(small);
    client.connection.send(large);
    await peer.messages.take();
    await peer.messages.take();
    expect(small).toEqual(Uint8Array.of(1, 2, 3));
    expect(large.every((byte) => byte === 7)).toBe(true);
  });

  test("what answers a message reaches the server, although a close frame came right behind it", async () => {
    const { client, peer } = await open();
    vi.spyOn(client.messages, "put").mockImplementation(() => {
      for (const answer of ["one", "two", "three"]) client.connection.send(answer);
    });
    // A text, and a close frame with code 1000.
    peer.socket.write(Buffer.from([0x81, 1, 0x61, 0x88, 2, 0x03, 0xe8]));
    for (const answer of ["one", "two", "three"]) expect(await peer.messages.take()).toBe(answer);
    expect((await peer.closed).code).toBe(1000);
    expect(await client.closed).toMatchObject({ code: 1000, wasClean: true });
  });

  const own = certificate({ name: "server" });
  test.each([
    ["TCP", {}, {}],
    ["TLS", { tls: own }, { tls: { ca: own.cert } }],
  ])("a server of ws takes every length of text and bytes, over %s", async (_, served, options) => {
    const server = await serve(served);
    const client = dial(nodeTransport(options), server.url);
    await client.opened;
    const peer = await server.peers.take();
    for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 1_048_576]) {
      const bytes = Buffer.alloc(size + 3, "any bytes").subarray(3);
      for (const message of ["a".repeat(size), "a😀é\ud800".repeat(size / 4), bytes]) {
        client.connection.send(message);
        const received = await peer.messages.take();
        const same = Buffer.from(message as string).equals(Buffer.from(received as string));
        expect(same, `${typeof message} of ${size}`).toBe(true);
        expect(typeof received).toBe(typeof message);
      }
    }
  });

  test("throws for a message it does not take: before open, and when closing", async () => {
    const server = await serve();
    const client = dial(nodeTransport(), `${server.url}?token=s3cret`);
    const refusal = { name: "NotConnectedError", message: expect.not.stringContaining("s3cret") };
    expect(() => client.connection.send("early")).toThrow(expect.objectContaining(refusal));
    await client.opened;
    client.connection.close(1000, "");
    expect(() => client.connection.send("late")).toThrow(expect.objectContaining(refusal));
    await client.closed;
    expect(() => client.connection.send("late")).toThrow(expect.objectContaining(refusal));
  });

  test("keeps order among small, large, text and bytes in one turn", async () => {
    const { client, peer } = await open();
    const sent = Array.from({ length: 200 }, (_, i) =>
      i % 3 === 0 ? `${i}`.padEnd(i * 100) : i % 3 === 1 ? Buffer.alloc(i * 50, i) : `${i}`,
    );
    for (const message of sent) client.connection.send(message);
    for (const message of sent) expect(await peer.messages.take()).toEqual(message);
  });
});

describe("what is written to the socket", () => {
  async function openDuplex(): Promise<{ client: Dial; socket: UpgradedDuplex }> {
    const socket = new UpgradedDuplex();
    const ws = { createConnection: () => socket };
    const client = dial(nodeTransport({ ws }), "ws://feed.test/");
    await client.opened;
    return { client, socket };
  }

  test("is a message in one piece, however long", async () => {
    const { client, socket } = await openDuplex();
    const write = vi.spyOn(socket, "write");
    const messages = ["short", "a".repeat(5_000), "€".repeat(50_000), new Uint8Array(100_000)];
    for (const message of messages) client.connection.send(message);
    expect(write).toHaveBeenCalledTimes(messages.length);
  });

  test("goes out at once if it comes first, or when there is enough of it", async () => {
    const { client, socket } = await openDuplex();
    const isHeld = (message: string): boolean => {
      client.connection.send(message);
      return socket.writableCorked > 0;
    };
    expect(isHeld("first")).toBe(false);
    expect(isHeld("second")).toBe(true);
    expect(isHeld("a".repeat(100_000))).toBe(true);
    expect(isHeld("a".repeat(100_000))).toBe(false);
    expect(isHeld("next")).toBe(true);
  });

  test("is compressed where that was agreed", async () => {
    const { client, peer } = await open(1_048_576, { perMessageDeflate: { threshold: 0 } });
    const received = once(peer.socket, "data");
    client.connection.send("a".repeat(1_000));
    const [frame] = (await received) as [Buffer];
    // FIN, RSV1 (RFC 7692 §6) and the opcode of a text.
    expect(frame[0]).toBe(0xc1);
    expect(await peer.messages.take()).toBe("a".repeat(1_000));
  });
});

describe("nothing stays in the cork", () => {
  const act: readonly (readonly [string, (dialed: Dial) => void])[] = [
    ["close", ({ connection }) => connection.close(1000, "")],
    ["ping", ({ connection }) => connection.ping?.()],
    ["flush", ({ connection }) => void connection.flush?.()],
  ];
  test.each(act)("%s lets it out at once", async (_, run) => {
    const { client, peer } = await open();
    client.connection.send("first");
    client.connection.send("second");
    client.connection.send("third");
    const held = client.connection.bufferedAmount;
    run(client);
    // The bytes have been offered to the network before the turn is over.
    expect(client.connection.bufferedAmount).toBeLessThan(held);
    expect(await peer.messages.take()).toBe("first");
    expect(await peer.messages.take()).toBe("second");
    expect(await peer.messages.take()).toBe("third");
  });
});

describe("flush", () => {
  test("resolves at once when nothing was sent", async () => {
    const { client } = await open();
    await client.connection.flush?.();
  });

  test("resolves before open, for nothing was sent", async () => {
    const server = await serve();
    await dial(nodeTransport(), server.url).connection.flush?.();
  });

  test("several resolve in order, each for what was sent before it", async () => {
    const { client, peer } = await open();
    peer.ws.pause();
    const log: string[] = [];
    client.connection.send(flood);
    const first = client.connection.flush?.().then(() => log.push("first"));
    client.connection.send("more");
    const second = client.connection.flush?.().then(() => log.push("second"));
    peer.ws.resume();
    await Promise.all([first, second]);
    expect(log).toEqual(["first", "second"]);
    expect(client.connection.bufferedAmount).toBe(0);
  });

  test("works with compression", async () => {
    const { client, peer } = await open(1_048_576, { perMessageDeflate: { threshold: 0 } });
    for (let i = 0; i < 50; i++) client.connection.send(`message ${i}`.repeat(1_000));
    await client.connection.flush?.();
    expect(client.connection.bufferedAmount).toBe(0);
    expect(await peer.messages.take()).toBe("message 0".repeat(1_000));
  });

  test.each([
    ["the server drops it", ({ peer }: { peer: Peer }) => void peer.socket.resetAndDestroy()],
    ["it is terminated", ({ client }: { client: Dial }) => client.connection.terminate()],
  ])("rejects when the connection ends with bytes buffered: %s", async (_, end) => {
    const opened = await open();
    opened.peer.ws.pause();
    opened.client.connection.send(flood);
    const flushed = opened.client.connection.flush?.();
    end(opened);
    await expect(flushed).rejects.toMatchObject({
      name: "ConnectionLostError",
      close: { code: 1006 },
    });
    await expect(opened.client.connection.flush?.(), "also later").rejects.toThrow("1006");
  });
});

describe("bufferedAmount", () => {
  test("after a loss tells how many bytes have an unknown fate", async () => {
    const { client, peer } = await open();
    peer.ws.pause();
    client.connection.send(flood);
    client.connection.send("tail");
    client.connection.terminate();
    await client.closed;
    expect(client.connection.bufferedAmount).toBeGreaterThan(flood.length);
  });

  test("after a loss with nothing unsent is 0", async () => {
    const { client, peer } = await open();
    client.connection.send("message");
    await peer.messages.take();
    await client.connection.flush?.();
    peer.socket.destroy();
    await client.closed;
    expect(client.connection.bufferedAmount).toBe(0);
  });
});

describe("onDrain", () => {
  test("comes once after the mark was reached, when the amount is below it", async () => {
    const { client, peer } = await open(100_000);
    peer.ws.pause();
    client.connection.send(flood);
    expect(client.connection.bufferedAmount).toBeGreaterThan(100_000);
    peer.ws.resume();
    await client.drains.take();
    expect(client.connection.bufferedAmount).toBeLessThan(100_000);
  });

  test("comes again each time", async () => {
    const { client, peer } = await open(1_000);
    for (let i = 0; i < 3; i++) {
      peer.ws.pause();
      client.connection.send(flood);
      peer.ws.resume();
      await client.drains.take();
    }
  });

  test("does not come below the mark, nor after terminate", async () => {
    const { client, peer } = await open(10_000);
    let drains = 0;
    const counted = client.drains.take().then(
      () => drains++,
      () => {},
    );
    client.connection.send(new Uint8Array(1_000));
    await peer.messages.take();
    await client.connection.flush?.();
    expect(drains).toBe(0);
    peer.ws.pause();
    client.connection.send(flood);
    expect(client.connection.bufferedAmount).toBeGreaterThan(10_000);
    client.connection.terminate();
    await client.closed;
    client.drains.end(new Error("over"));
    await counted;
    expect(drains).toBe(0);
  });
});

test("noDelay and keepAlive reach the socket", async () => {
  const server = await serve();
  const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");
  const keepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
  try {
    await dial(nodeTransport(), server.url).opened;
    expect(noDelay).not.toHaveBeenCalledWith(false);
    expect(keepAlive).not.toHaveBeenCalled();
    await dial(nodeTransport({ keepAlive: 30_000 }), server.url, { noDelay: false }).opened;
    expect(noDelay).toHaveBeenLastCalledWith(false);
    expect(keepAlive).toHaveBeenLastCalledWith(true, 30_000);
  } finally {
    vi.restoreAllMocks();
  }
});
