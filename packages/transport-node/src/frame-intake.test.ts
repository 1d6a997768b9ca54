import { Buffer } from "node:buffer";
import { once } from "node:events";
import { seededRandom } from "@stream-tungstenite/core/testing";
import { closeFrame, frame, opcode } from "rig/frame";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { atEndOfTurn } from "./clock.ts";
import { takeFrames, type FrameIntake, type FrameSink } from "./frame-intake.ts";
import { LentReads } from "./lent-reads.ts";
import { UpgradedDuplex } from "./testing/upgraded-duplex.ts";

const longest = 30_000;
const { text, binary, continuation, ping, pong } = opcode;

/** What the application does in the listener of a message, by number. */
type Acts = Readonly<Record<number, "pause" | "blink" | "close" | "terminate" | "throw">>;

interface Reading {
  readonly ws: WebSocket;
  readonly socket: UpgradedDuplex;
  /** All that was told, in its order. */
  readonly events: string[];
  /** How many messages did not come through `ws`. */
  taken: number;
  /** Has the socket read this. */
  readonly push: (bytes: Buffer) => void;
  readonly closed: Promise<unknown>;
}

/** Who reads: `ws` alone, or also the intake, from the stream or from what is lent. */
type Reader = "ws" | "stream" | "lent";

/** A client of `ws`, which reads all or what the intake leaves. */
async function read(
  reader: Reader,
  acts: Acts = {},
  head?: Buffer,
  maxPayload: number = longest,
): Promise<Reading> {
  const socket = new UpgradedDuplex(head);
  const reads = reader === "lent" ? new LentReads(socket) : undefined;
  const ws = new WebSocket("ws://localhost", {
    createConnection: () => socket as never,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload,
    maxFragments: 5,
  });
  const events: string[] = [];
  let intake: FrameIntake | undefined;
  let messages = 0;
  const reading: Reading = {
    ws,
    socket,
    events,
    taken: 0,
    push(bytes) {
      if (!reads) socket.push(Buffer.from(bytes));
      else {
        const memory = Buffer.alloc(bytes.length + 1, 0xff);
        bytes.copy(memory);
        reads.onRead(memory, bytes.length);
        memory.fill("?");
      }
    },
    closed: new Promise((resolve) => ws.on("close", resolve)),
  };
  const deliver = (chunk: Buffer, start: number, end: number, isBinary: boolean): void => {
    const payload = chunk.subarray(start, end);
    events.push(`${isBinary ? "binary" : "text"} ${payload.length} ${payload.toString("latin1")}`);
    const act = acts[messages++];
    if (act === "blink") {
      ws.pause();
      // Before `ws` tells of an error that it has found in this chunk.
      queueMicrotask(() => ws.resume());
    } else if (act === "pause") {
      ws.pause();
      atEndOfTurn(() => ws.resume());
    } else if (act === "close") ws.close(1000);
    else if (act === "throw") throw new Error("the sink's");
    else if (act === "terminate") {
      intake?.stop();
      for (const event of ["message", "ping", "pong"]) ws.removeAllListeners(event);
      ws.terminate();
    }
  };
  ws.on("message", (data: Buffer, isBinary) => deliver(data, 0, data.length, isBinary));
  ws.on("ping", (data) => events.push(`ping ${data.toString()}`));
  const onPong = (payload: Uint8Array): void => {
    events.push(`pong ${Buffer.from(payload).toString()}`);
  };
  ws.on("pong", onPong);
  ws.on("error", (error) => {
    intake?.detach();
    events.push(`error ${error.message}`);
  });
  ws.on("close", (code, reason) => events.push(`close ${code} ${reason.toString()}`));
  ws.on("open", () => {
    if (reader === "ws") return;
    const sink: FrameSink = {
      onMessage: (...message) => {
        reading.taken++;
        deliver(...message);
      },
      onPong,
    };
    intake = takeFrames(socket, maxPayload, sink, reads);
  });
  await once(ws, "open");
  return reading;
}

const turn = (): Promise<void> => new Promise(atEndOfTurn);

async function receive(reading: Reading, chunks: readonly Buffer[]): Promise<Reading> {
  for (const chunk of chunks) reading.push(chunk);
  await turn();
  return reading;
}

/** All events until the connection is gone, which takes no server. */
async function finish(reading: Reading): Promise<readonly string[]> {
  reading.socket.destroy();
  await reading.closed;
  return reading.events;
}

const short = (events: readonly string[]): string[] => events.map((event) => event.slice(0, 30));

describe("which messages are taken", () => {
  test.each<[string, number, Buffer[]]>([
    ["text and bytes", 2, [frame(text, "abc"), frame(binary, [1, 2, 3])]],
    ["one of 126 bytes", 1, [frame(text, "a".repeat(126))]],
    ["one whose length is told in two bytes", 1, [frame(text, "abc", { lengthBytes: 2 })]],
    ["one whose length is told in eight bytes", 1, [frame(text, "abc", { lengthBytes: 8 })]],
    ["one as long as may be", 1, [frame(binary, Buffer.alloc(longest))]],
    [
      "none that is longer, nor any behind it",
      0,
      [frame(binary, Buffer.alloc(longest + 1)), frame(text, "behind")],
    ],
    ["none behind a ping", 1, [frame(text, "before"), frame(ping), frame(text, "behind")]],
    ["no fragments", 0, [frame(text, "abc", { fin: false }), frame(continuation, "def")]],
  ])("of one chunk: %s", async (_, taken, frames) => {
    const reading = await receive(await read("stream"), [Buffer.concat(frames)]);
    expect(reading.taken).toBe(taken);
    const bare = await receive(await read("ws"), [Buffer.concat(frames)]);
    expect(await finish(reading)).toEqual(await finish(bare));
  });

  test("those behind the rest of one that a chunk's end cut", async () => {
    const cut = frame(text, "cut in the middle");
    const reading = await receive(await read("stream"), [
      Buffer.concat([frame(text, "first"), cut.subarray(0, 9)]),
      Buffer.concat([cut.subarray(9), frame(text, "behind it"), frame(text, "and another")]),
    ]);
    expect(short(reading.events)).toEqual([
      "text 5 first",
      "text 17 cut in the middle",
      "text 9 behind it",
      "text 11 and another",
    ]);
    expect(reading.taken).toBe(4);
    await finish(reading);
  });

  test("those that came with the answer to the opening handshake", async () => {
    const reading = await read("stream", {}, Buffer.concat([frame(text, "a"), frame(text, "bcd")]));
    await turn();
    expect(reading.events).toEqual(["text 1 a", "text 3 bcd"]);
    expect(reading.taken).toBe(2);
    await finish(reading);
  });

  test("none so long that a server could have much memory set aside by announcing it", async () => {
    const most = 4_194_304;
    for (const [size, taken] of [
      [most, 1],
      [most + 1, 0],
    ] as const) {
      const message = frame(binary, Buffer.alloc(size));
      const reading = await read("stream", {}, undefined, 2 * most);
      await receive(reading, [message.subarray(0, 100), message.subarray(100)]);
      expect(reading.taken).toBe(taken);
      expect(short(reading.events)).toEqual([expect.stringContaining(`binary ${size} `)]);
      await finish(reading);
    }
  });

  test("none if another listener reads the socket", () => {
    const socket = new UpgradedDuplex();
    const listeners = [(): void => {}, (): void => {}];
    for (const listener of listeners) socket.on("data", listener);
    expect(takeFrames(socket, longest, { onMessage() {}, onPong() {} })).toBeUndefined();
    expect(socket.listeners("data")).toEqual(listeners);
  });
});

test("what a paused socket holds when it closes is read once", async () => {
  const message = frame(text, "abc");
  for (const cut of [0, 1, 3]) {
    const reading = await read("stream", { 0: "pause" });
    await turn();
    reading.push(Buffer.concat([message, message.subarray(0, cut)]));
    expect(reading.ws.isPaused).toBe(true);
    reading.push(Buffer.concat([message.subarray(cut), message, closeFrame(1001)]));
    expect(await finish(reading)).toEqual([...Array(3).fill("text 3 abc"), "close 1001 "]);
  }
});

test("listeners that others add are left to them", async () => {
  const reading = await read("stream");
  const other = (): void => {};
  reading.socket.on("data", other);
  await finish(reading);
  expect(reading.socket.listeners("data")).toEqual([expect.any(Function), other]);
});

test("a sink that throws gets all other messages, and whoever emits 'data' its exception", async () => {
  const messages = ["a", "bc", "def", "ghij", "k"].map((payload) => frame(text, payload));
  const bytes = Buffer.concat(messages);
  // The second is whole in its chunk: what a chunk's end cut comes from `ws`, which an exception stops for good.
  for (const cut of [2, 3, 7, 8, 9, 11, 12, 14, 18, 20]) {
    const reading = await read("stream", { 1: "throw" });
    const thrown: unknown[] = [];
    for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      try {
        reading.socket.emit("data", chunk);
      } catch (error) {
        thrown.push(error);
      }
    }
    expect(thrown, `cut at ${cut}`).toEqual([new Error("the sink's")]);
    const told = ["text 1 a", "text 2 bc", "text 3 def", "text 4 ghij", "text 1 k"];
    expect(reading.events, `cut at ${cut}`).toEqual(told);
    await finish(reading);
  }
});

describe("behind a forbidden frame nothing is delivered, though reading goes on before ws has told", () => {
  const half = Buffer.alloc(longest / 2 + 1);
  test.each<[string, Buffer[]]>([
    ["a reserved bit", [frame(text, "bad", { rsv: 1 })]],
    ["a mask", [frame(text, Buffer.alloc(20), { masked: true })]],
    ["a reserved opcode", [frame(3, "bad")]],
    ["a reserved opcode of a control frame", [frame(11, "bad")]],
    ["a continuation of nothing", [frame(continuation, "bad")]],
    ["a message within fragments", [frame(text, "a", { fin: false }), frame(text, "bad")]],
    [
      "fragments that are too long",
      [frame(binary, half, { fin: false }), frame(continuation, half)],
    ],
    ["a message that is too long", [frame(binary, Buffer.concat([half, half]))]],
    ["a length beyond all", [frame(binary, [], { length: 2n ** 63n })]],
    ["a ping in fragments", [frame(ping, "bad", { fin: false })]],
    ["a ping with a reserved bit", [frame(ping, "bad", { rsv: 4 })]],
    ["a masked pong", [frame(pong, "bad", { masked: true })]],
    ["a ping that is too long", [frame(ping, "a".repeat(126))]],
    ["a close frame", [closeFrame(1001)]],
  ])("%s", async (_, forbidden) => {
    const told: (readonly string[])[] = [];
    for (const reader of ["ws", "stream", "lent"] as const) {
      const reading = await read(reader, { 0: "blink" });
      await turn();
      const chunk = Buffer.concat([frame(text, "before"), ...forbidden]);
      await receive(reading, [chunk, frame(text, "behind")]);
      told.push(await finish(reading));
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(told[1]).not.toContain("text 6 behind");
  });
});

/** A stream of frames as a server may send it, forbidden ones too, cut anywhere. */
function randomStream(random: () => number): { chunks: Buffer[]; acts: Acts; head: Buffer } {
  const below = (limit: number): number => Math.floor(random() * limit);
  const isRare = (): boolean => random() < 0.02;
  const sizes = [0, 1, 2, 3, 20, 125, 126, 127, 300, 5_000, 20_000, longest, longest + 1];
  const payload = (): Buffer => {
    const size = random() < 0.95 ? below(130) : (sizes[below(sizes.length)] as number);
    return Buffer.alloc(size, String.fromCodePoint(97 + below(26)));
  };
  const control = (): Buffer =>
    frame(random() < 0.5 ? ping : pong, payload().subarray(0, 100), {
      fin: random() < 0.99,
      masked: random() < 0.01,
    });
  const frames: Buffer[] = [];
  // Some are nothing but messages.
  const kinds = random() < 0.3 ? 0.8 : 1;
  for (let count = below(80); count > 0; count--) {
    const kind = random() * kinds;
    if (kind < 0.8) {
      frames.push(
        frame(random() < 0.7 ? text : binary, payload(), {
          masked: random() < 0.003,
          rsv: random() < 0.003 ? 1 + below(7) : 0,
          ...(isRare() ? { lengthBytes: 8 } : {}),
        }),
      );
    } else if (kind < 0.88) frames.push(control());
    else if (kind < 0.98) {
      const pieces = 1 + below(random() < 0.9 ? 5 : 7);
      for (let piece = 0; piece < pieces; piece++) {
        const code = piece === 0 ? text : isRare() ? binary : continuation;
        frames.push(frame(code, payload(), { fin: piece === pieces - 1 }));
        if (random() < 0.3) frames.push(control());
      }
    } else if (kind < 0.984) frames.push(frame(below(16), payload()));
    else if (kind < 0.987) frames.push(closeFrame([1000, 1001, 1006, 4000][below(4)] as number));
    else if (kind < 0.99) frames.push(frame(text, [], { length: 2n ** BigInt(below(63)) }));
    else if (kind < 0.993) frames.push(Buffer.from(Array.from({ length: 20 }, () => below(256))));
  }
  const bytes = Buffer.concat(frames);
  const reach = [3, 100, 1_000, 10_000, 65_536][below(5)] as number;
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length && chunks.length < 3_000;) {
    const next = at + 1 + below(reach);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  const acts: Record<number, "pause" | "blink" | "close" | "terminate"> = {};
  while (random() < 0.6)
    acts[below(40)] = random() < 0.5 ? "blink" : random() < 0.8 ? "pause" : "close";
  if (random() < 0.1) acts[below(30)] = "terminate";
  return { chunks, acts, head: random() < 0.3 ? (chunks.shift() ?? bytes) : Buffer.alloc(0) };
}

test("of any stream, cut anywhere, all is told as by ws alone", { timeout: 60_000 }, async () => {
  let taken = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const told: (readonly string[])[] = [];
    for (const reader of ["ws", "stream", "lent"] as const) {
      const random = seededRandom(seed);
      const { chunks, acts, head } = randomStream(random);
      const reading = await read(reader, acts, head);
      while (chunks.length > 0) {
        const together = 1 + Math.floor(random() * 4);
        for (const chunk of chunks.splice(0, together)) {
          if (!reading.socket.destroyed) reading.push(chunk);
        }
        if (random() < 0.3) await turn();
      }
      if (random() < 0.5) await turn();
      if (random() < 0.5) reading.socket.push(null);
      if (random() < 0.5) await turn();
      told.push(await finish(reading));
      taken += reading.taken;
    }
    expect(told[1], `seed ${seed}, stream`).toEqual(told[0]);
    expect(told[2], `seed ${seed}, lent`).toEqual(told[0]);
  }
  expect(taken).toBeGreaterThan(2_000);
});
