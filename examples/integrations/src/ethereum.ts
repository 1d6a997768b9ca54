// An Ethereum node's `eth_subscribe`: https://geth.ethereum.org/docs/interacting-with-geth/rpc/pubsub
import { createClient, definePlugin } from "@stream-tungstenite/core";
import type { Message, PluginContext, WebSocketClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fast } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";

export interface EthereumOptions {
  readonly url: string;
  readonly headers?: Record<string, string>;
  /** Every block once, in order; `recovered` ones were mined while the connection was away. */
  readonly onBlock: (number: number, how: "live" | "recovered") => void;
  /** Blocks that the node does not know any more, or numbers that it uses a second time. */
  readonly onGap: (first: number, last: number) => void;
}

/** Follows the head of a chain through every outage of the node. */
export function ethereum({ url, headers, onBlock, onGap }: EthereumOptions): WebSocketClient {
  let lastId = 0;
  let lastBlock: number | undefined;
  let work: Promise<unknown> = Promise.resolve();
  let rpc!: PluginContext;
  let subscribing = 0;
  // The node gives the subscription a name of its own, a new one on each connection.
  let subscription: unknown;
  const request = (method: string, ...params: readonly unknown[]): string =>
    JSON.stringify({ jsonrpc: "2.0", id: ++lastId, method, params });

  const heads = subscribe(["newHeads"], {
    format: ([channel]) => {
      const text = request("eth_subscribe", channel);
      subscribing = lastId;
      return text;
    },
    confirm: (message, pending) => {
      const { id, result } = read(message);
      if (id !== subscribing) return undefined;
      subscription = result;
      return result === undefined ? { refused: pending } : { confirmed: pending };
    },
  });
  const caller = definePlugin({ name: "rpc", setup: (context) => void (rpc = context) });
  const strategy = exponentialBackoff(fast);
  const plugins = [nodeTransport({ headers }), strategy, heads, caller, heartbeat()];
  const client = createClient({ url, plugins });

  async function knows(block: number): Promise<boolean> {
    const text = request("eth_getBlockByNumber", `0x${block.toString(16)}`, false);
    const id = lastId;
    // An answer that is lost with its connection is asked for again on the next one.
    return rpc
      .exchange(async (session) => {
        session.send(text);
        return Boolean(read(await session.receive((message) => read(message).id === id)).result);
      })
      .catch(() => client.state.status !== "closed" && knows(block));
  }
  async function follow(head: number): Promise<void> {
    if (lastBlock !== undefined && head <= lastBlock) onGap(head, lastBlock);
    for (let block = (lastBlock ?? head) + 1; block < head; block++) {
      if (await knows(block)) onBlock(block, "recovered");
      else onGap(block, block);
    }
    onBlock((lastBlock = head), "live");
  }
  client.on("message", (message) => {
    const { params } = read(message);
    if (!params || params.subscription !== subscription) return;
    work = work.then(() => follow(Number(params.result.number)));
  });
  return client;
}

interface Frame {
  readonly id?: number;
  readonly result?: unknown;
  readonly params?: { readonly subscription: string; readonly result: { readonly number: string } };
}
const read = (message: Message): Frame => JSON.parse(String(message)) as Frame;
