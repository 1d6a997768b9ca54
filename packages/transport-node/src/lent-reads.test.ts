import { Buffer } from "node:buffer";
import { Agent } from "node:http";
import net from "node:net";
import { Readable } from "node:stream";
import { certificate } from "rig/certificates";
import { serve, type Peer, type ServeOptions } from "rig/serve";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nodeTransport, type NodeTransportOptions } from "./index.ts";
import { dial, type Dial } from "./testing/dial.ts";
import { connectProxy } from "./testing/proxies.ts";

const identity = certificate({ name: "server" });

interface Opened {
  readonly client: Dial;
  readonly peer: Peer;
}

async function open(
  options: (port: number) => NodeTransportOptions | Promise<NodeTransportOptions> = () => ({}),
  serving?: ServeOptions,
): Promise<Opened> {
  const server = await serve(serving);
  const client = dial(nodeTransport(await options(server.port)), server.url);
  await client.opened;
  return { client, peer: await server.peers.take() };
}

/** How many chunks the client's stream got of one message. */
async function streamed({ client, peer }: Opened, message: string): Promise<number> {
  const push = vi.spyOn(Readable.prototype, "push");
  peer.ws.send(message);
  expect(await client.messages.take()).toEqual({ message, bytes: message.length });
  return push.mock.contexts.filter(
    (stream) => (stream as Partial<net.Socket>).localPort === peer.socket.remotePort,
  ).length;
}

afterEach(() => vi.restoreAllMocks());

describe("messages do not pass through the stream of the socket", () => {
  test.each<[string, NodeTransportOptions, ServeOptions?]>([
    ["ws:", {}],
    ["wss:", { tls: { ca: identity.cert } }, { tls: identity }],
  ])("%s", async (_, options, serving) => {
    const opened = await open(() => options, serving);
    expect(await streamed(opened, "text")).toBe(0);
    expect(await streamed(opened, "long".repeat(50_000))).toBe(0);
  });

  test("but do where the socket is another's", async () => {
    const foreign: ((port: number) => NodeTransportOptions | Promise<NodeTransportOptions>)[] = [
      () => ({ agent: new Agent() }),
      () => ({ ws: { createConnection: net.connect } }),
      async (port) => ({ proxy: `http://127.0.0.1:${(await connectProxy(port)).port}` }),
      // It may lead to TLS.
      () => ({ followRedirects: true }),
    ];
    for (const options of foreign) {
      expect(await streamed(await open(options), "text")).toBeGreaterThan(0);
    }
  });
});

test("bytes stay what they were, whatever is read later", async () => {
  const { client, peer } = await open();
  const other = await open();
  const sent = [1, 100, 3_000, 70_000, 200_000, 5_000_000].map((size, i) =>
    Buffer.alloc(size, i + 1),
  );
  const got: unknown[] = [];
  for (const bytes of sent) {
    peer.ws.send(bytes);
    got.push((await client.messages.take()).message);
    await streamed(other, "o".repeat(65_536));
  }
  expect(got).toEqual(sent.map((bytes) => new Uint8Array(bytes)));
});

describe("a paused connection", () => {
  test("delivers what came meanwhile when it is resumed, in its order", async () => {
    const { client, peer } = await open();
    client.connection.pause?.();
    const sent = Array.from({ length: 60 }, (_, i) => `${i}`.repeat(1 + i * 1_000));
    for (const message of sent) peer.ws.send(message);
    // What is sent back goes out, and then the server has read it: it had the time to send, too.
    client.connection.send("paused");
    await peer.messages.take();
    expect(client.messages.length).toBe(0);
    client.connection.resume?.();
    for (const message of sent) expect((await client.messages.take()).message).toBe(message);
  });

  test("notices that the server hangs up", async () => {
    for (const end of ["destroy", "end", "resetAndDestroy"] as const) {
      const { client, peer } = await open();
      client.connection.pause?.();
      peer.socket[end]();
      expect(await client.closed).toMatchObject({ code: 1006 });
    }
  });
});
