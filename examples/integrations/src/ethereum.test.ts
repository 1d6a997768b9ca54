import { ConnectError } from "@stream-tungstenite/core";
import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { ethereum } from "./ethereum.ts";
import { Collector } from "./testing/collector.ts";
import { daemon, findProgram, freePort } from "./testing/daemon.ts";
import type { Daemon } from "./testing/daemon.ts";
import { stage } from "./testing/stage.ts";

const anvil = findProgram("anvil", "the client against an Ethereum node");
const nginx = findProgram("nginx", "the client against an Ethereum node that wants a key");

interface Block {
  readonly number: number;
  readonly how: "live" | "recovered";
}

describe.skipIf(!anvil || !nginx)("Ethereum", () => {
  let node: Daemon;
  let port: number;
  const blocks = new Collector<Block>();
  const gaps = new Collector<readonly [number, number]>();
  const make = (url = `ws://127.0.0.1:${port}`, headers = {}) =>
    ethereum({
      url,
      headers,
      onBlock: (number, how) => blocks.add({ number, how }),
      onGap: (first, last) => gaps.add([first, last]),
    });
  const command = async (method: string, ...params: readonly unknown[]): Promise<void> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    await fetch(`http://127.0.0.1:${port}`, { method: "POST", headers, body });
  };
  /** Blocks on request: no test waits for the node's clock. */
  const mine = (count: number): Promise<void> => command("anvil_mine", count);

  beforeEach(async () => {
    blocks.clear();
    gaps.clear();
    port = await freePort();
    const args = ["--host", "127.0.0.1", "--port", String(port), "--no-mining"];
    node = daemon(anvil as string, [...args, "--state", "{folder}/state.json"], /Listening on/);
    await node.start();
  });
  afterEach(() => node[Symbol.asyncDispose]());

  test("recovers by their numbers the blocks that were mined during an outage", async () => {
    const client = make();
    await client.connect();
    await mine(2);
    await blocks.first(({ number }) => number === 2);

    const lost = client.once("reconnectScheduled");
    // Stopped, it keeps its chain.
    await node.kill("SIGTERM");
    await lost;
    await client.disconnect();
    await node.start();
    await mine(3);
    await client.connect();
    await mine(1);
    await blocks.first(({ number }) => number === 6);
    expect(blocks.items).toEqual([
      { number: 1, how: "live" },
      { number: 2, how: "live" },
      { number: 3, how: "recovered" },
      { number: 4, how: "recovered" },
      { number: 5, how: "recovered" },
      { number: 6, how: "live" },
    ]);
    expect(gaps.items).toEqual([]);
    await client.close();
  });

  test("tells a gap when the node was killed and has lost its chain", async () => {
    const client = make();
    await client.connect();
    await mine(5);
    await blocks.first(({ number }) => number === 5);

    const lost = client.once("reconnectScheduled");
    await node.kill("SIGKILL");
    await lost;
    await node.start();
    await client.ready();
    await mine(2);
    await blocks.first(
      ({ number, how }) => number === 2 && how === "live" && gaps.items.length > 0,
    );
    expect(gaps.items[0]).toEqual([1, 5]);
    expect(client.snapshot().reconnectCount).toBe(1);
    await client.close();
  });

  test("tells a gap when a longer chain took the place of the one that it followed", async () => {
    const client = make();
    await client.connect();
    await mine(3);
    await blocks.first(({ number }) => number === 3);

    const lost = client.once("reconnectScheduled");
    await node.kill("SIGKILL");
    await lost;
    await client.disconnect();
    await node.start();
    // Two chains that begin in the same second would have the same blocks.
    await command("evm_increaseTime", 3_600);
    await mine(6);
    await client.connect();
    await mine(2);
    await blocks.first(({ number }) => number === 8);
    expect(blocks.items.slice(3)).toEqual([
      { number: 7, how: "live" },
      { number: 8, how: "live" },
    ]);
    expect(gaps.items).toEqual([[3, 6]]);
    await client.close();
  });

  test("gives up behind a proxy that refuses its key, without showing it", async () => {
    const proxy = await freePort();
    const config = `
      daemon off; pid {folder}/pid; error_log stderr notice;
      events {}
      http {
        access_log off;
        server {
          listen 127.0.0.1:${proxy};
          location / {
            if ($http_authorization != "Bearer secret") { return 401; }
            proxy_pass http://127.0.0.1:${port};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
          }
        }
      }`;
    await using server = daemon(nginx as string, ["-c", "{file}"], /start worker process/, config);
    await server.start();
    const good = make(`ws://127.0.0.1:${proxy}`, { authorization: "Bearer secret" });
    await good.connect();
    await good.close();
    const bad = make(`ws://127.0.0.1:${proxy}`, { authorization: "Bearer wrong-key" });
    const refused = await bad.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConnectError);
    expect(refused).toMatchObject({ phase: "upgrade", status: 401 });
    expect(JSON.stringify(refused) + String(refused)).not.toContain("wrong-key");
    expect(bad.state.status).toBe("closed");
  });
});

describe("Ethereum, call by call", () => {
  const blocks = new Collector<string>();
  const make = (url: string) =>
    ethereum({
      url,
      onBlock: (number, how) => blocks.add(`${number} ${how}`),
      onGap: (first, last) => blocks.add(`${first}-${last} gap`),
    });
  const tell = (peer: WebSocket, frame: object): void =>
    peer.send(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  const block = (number: number) => ({
    number: `0x${number.toString(16)}`,
    hash: `hash of ${number}`,
    parentHash: `hash of ${number - 1}`,
  });
  const announce = (peer: WebSocket, number: number, subscription = "ours"): void =>
    tell(peer, { method: "eth_subscription", params: { subscription, result: block(number) } });
  /** A node whose answers to calls for blocks the test writes. */
  const node = (answer: (id: number, number: number, peer: WebSocket) => void) =>
    stage((message, peer) => {
      const { id, method, params } = JSON.parse(message.toString()) as {
        id: number;
        method: string;
        params: readonly unknown[];
      };
      if (method === "eth_subscribe") {
        tell(peer, { id: id + 1_000, result: "somebody else's" });
        tell(peer, { id, result: "ours" });
      } else answer(id, Number(params[0]), peer);
    });
  beforeEach(() => blocks.clear());

  test("listens to its own subscription and to answers to its own calls", async () => {
    await using server = await node((id, number, peer) => {
      tell(peer, { id: id + 1_000, result: null });
      tell(peer, { id, result: block(number) });
    });
    const client = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    announce(peer, 1);
    announce(peer, 7, "somebody else's");
    announce(peer, 3);
    await blocks.first((item) => item === "3 live");
    expect(blocks.items).toEqual(["1 live", "2 recovered", "3 live"]);
    await client.close();
  });

  test("takes up again with the next head what the loss of a connection cut short", async () => {
    let lost = 0;
    await using server = await node((id, number, peer) => {
      if (number === 3 && lost++ === 0) peer.terminate();
      else tell(peer, { id, result: block(number) });
    });
    const client = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    announce(peer, 1);
    const again = client.once("disconnected").then(() => client.ready());
    announce(peer, 4);
    await again;
    server.peers.items.forEach((each) => each !== peer && announce(each, 5));
    await blocks.first((item) => item === "5 live");
    expect(blocks.items).toEqual(["1 live", "2 recovered", "3 recovered", "4 recovered", "5 live"]);
    expect(client.snapshot().reconnectCount).toBe(1);
    await client.close();
  });

  test("tells a gap for each block that the node does not know any more", async () => {
    await using server = await node((id, number, peer) => {
      tell(peer, { id, result: number === 3 ? null : block(number) });
    });
    const client = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    announce(peer, 1);
    announce(peer, 5);
    await blocks.first((item) => item === "5 live");
    expect(blocks.items).toEqual(["1 live", "2 recovered", "3-3 gap", "4 recovered", "5 live"]);
    await client.close();
  });

  test("gives up when the node knows no such subscription", async () => {
    await using server = await stage((message, peer) => {
      const { id } = JSON.parse(message.toString()) as { id: number };
      tell(peer, { id, error: { code: -32_601, message: "Method not found" } });
    });
    const client = make(server.url);
    await expect(client.connect()).rejects.toBeInstanceOf(SubscriptionRefusedError);
    expect(client.state.status).toBe("closed");
  });

  test("closes in the middle of a recovery, and tells nothing more then", async () => {
    const asked = new Collector<number>();
    await using server = await node((id) => asked.add(id));
    const client = make(server.url);
    await client.connect();
    const peer = await server.peers.first(() => true);
    announce(peer, 1);
    announce(peer, 4);
    const id = await asked.first(() => true);
    const told: string[] = [];
    client.on("error", () => told.push("error"));
    client.on("closed", () => told.push("closed"));
    const closing = client.close();
    // This answer crosses the closing handshake; the next call has no connection any more.
    tell(peer, { id, result: block(1) });
    await closing;
    // What the end of the call sets in motion has happened when the server is gone.
    await server[Symbol.asyncDispose]();
    expect(blocks.items).toEqual(["1 live"]);
    expect(told.at(-1)).toBe("closed");
  });
});
