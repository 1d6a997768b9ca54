import { HandshakeRejectedError } from "@stream-tungstenite/core";
import type { ConnectionLostError } from "@stream-tungstenite/core";
import { GraphQLObjectType, GraphQLInt, GraphQLSchema, GraphQLString } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { graphql } from "./graphql.ts";
import { Collector } from "./testing/collector.ts";
import { stage } from "./testing/stage.ts";

const counter = {
  type: GraphQLInt,
  async *subscribe() {
    for (let n = 1; n <= 3; n++) yield await Promise.resolve({ count: n });
    await new Promise(() => {});
  },
};
const pair = {
  type: GraphQLInt,
  async *subscribe() {
    yield await Promise.resolve({ pair: 1 });
    yield await Promise.resolve({ pair: 2 });
  },
};
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { hello: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({ name: "Subscription", fields: { count: counter, pair } }),
});

/** A graphql-ws server that can be killed and started again on the same port. */
class Server {
  readonly inits: unknown[] = [];
  readonly subscribed: string[] = [];
  #sockets: WebSocketServer | undefined;
  #port = 0;

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/graphql`;
  }

  async start(): Promise<void> {
    const sockets = new WebSocketServer({ host: "127.0.0.1", port: this.#port, path: "/graphql" });
    this.#sockets = sockets;
    useServer(
      {
        schema,
        onConnect: ({ connectionParams }) => {
          this.inits.push(connectionParams);
          return connectionParams?.["token"] === "good";
        },
        onSubscribe: (_, id, payload) => void this.subscribed.push(`${id} ${payload.query}`),
      },
      sockets,
    );
    await new Promise((resolve) => sockets.once("listening", resolve));
    this.#port = (sockets.address() as { port: number }).port;
  }

  async kill(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    await new Promise((resolve) => this.#sockets?.close(resolve));
  }
}

describe("GraphQL", () => {
  let server: Server;
  beforeEach(async () => {
    server = new Server();
    await server.start();
  });
  afterEach(() => server.kill());

  test("subscribes, loses the server in the middle of a stream, and is subscribed again", async () => {
    const { client, subscribe } = graphql(server.url, () => "good");
    const results = new Collector<unknown>();
    const lines = new Collector<string>();
    await client.connect();
    subscribe("subscription { count }", { next: results.add });
    const end = subscribe("subscription { pair }", {
      next: () => {},
      complete: () => lines.add("complete"),
    });
    await results.first((result) => JSON.stringify(result) === '{"data":{"count":3}}');
    await lines.first((line) => line === "complete");
    results.clear();

    const lost = client.once("disconnected");
    await server.kill();
    expect((await lost).willRetry).toBe(true);
    server.subscribed.length = 0;
    await server.start();
    await results.first((result) => JSON.stringify(result) === '{"data":{"count":3}}');
    // What was complete is not asked for again.
    expect(server.subscribed).toEqual(["1 subscription { count }"]);
    await end();
    await client.close();
  });

  test("ends a subscription for good", async () => {
    const { client, subscribe } = graphql(server.url, () => "good");
    const results = new Collector<unknown>();
    await client.connect();
    const end = subscribe("subscription { count }", { next: results.add });
    await results.first(() => true);
    await end();
    const lost = client.once("disconnected");
    await server.kill();
    await lost;
    server.subscribed.length = 0;
    await server.start();
    await client.ready();
    expect(server.subscribed).toEqual([]);
    await client.close();
  });

  test("asks for a fresh token once, then gives up with 4403", async () => {
    let asked = 0;
    const { client } = graphql(server.url, () => `bad-${++asked}`);
    const refused = await client.connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HandshakeRejectedError);
    expect(((refused as Error).cause as ConnectionLostError).close.code).toBe(4403);
    expect(server.inits).toEqual([{ token: "bad-1" }, { token: "bad-2" }]);
    expect(JSON.stringify(refused)).not.toContain("bad-");
  });

  test("answers pings, one of the handshake right after it, and shows them to nobody", async () => {
    // This one asks by messages, not by ping frames.
    await using asking = await stage((message, peer) => {
      const { type } = JSON.parse(message.toString()) as { type: string };
      if (type !== "connection_init") return;
      peer.send('{"type":"ping"}');
      peer.send('{"type":"connection_ack"}');
    });
    const { client } = graphql(asking.url, () => "good");
    const told = new Collector<unknown>();
    client.on("message", told.add);
    await client.connect();
    await asking.heard.first((text) => text === '{"type":"pong"}');
    asking.heard.clear();
    const peer = await asking.peers.first(() => true);
    peer.send('{"type":"ping","payload":{"n":1}}');
    await asking.heard.first((text) => text === '{"type":"pong"}');
    peer.send('{"type":"next","id":"0","payload":{}}');
    await told.first((message) => String(message).includes('"next"'));
    expect(told.items).toHaveLength(1);
    await client.close();
  });
});
