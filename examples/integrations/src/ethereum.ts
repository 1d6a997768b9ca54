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
  /** Every block, in order; `recovered` ones were mined while the connection was away. */
  readonly onBlock: (number: number, how: "live" | "recovered") => void;
  /** Numbers that the node knows no block of, or whose blocks belong to a chain that it replaced. */
  readonly onGap: (first: number, last: number) => void;
}

/** Follows the head of a chain through every outage of the node. */
export function ethereum({ url, headers, onBlock, onGap }: EthereumOptions): WebSocketClient {
  let [lastId, subscribing] = [0, 0];
  let last: Block | undefined;
  let work: Promise<unknown> = Promise.resolve();
  let rpc!: PluginContext;
  // The node gives the subscription a name of its own, a new one on each connection.
  let subscription: unknown;
  const heads = subscribe(["newHeads"], {
    format: ([channel]) => request((subscribing = ++lastId), "eth_subscribe", channel),
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

  function blockAt(number: number): Promise<Block | undefined> {
    const id = ++lastId;
    return rpc.exchange(async (session) => {
      session.send(request(id, "eth_getBlockByNumber", `0x${number.toString(16)}`, false));
      return read(await session.receive((message) => read(message).id === id)).result as Block;
    });
  }
  const tell = (block: Block, how: "live" | "recovered"): void =>
    onBlock(Number((last = block).number), how);
  async function follow(head: Block): Promise<void> {
    const number = Number(head.number);
    const seen = last ? Number(last.number) : number - 1;
    const before = seen < number - 1 ? (await blockAt(seen))?.hash : head.parentHash;
    // By a number alone nobody sees that its block is of another chain than the one told.
    const replaced = last && last.hash !== before;
    if (replaced) onGap(Math.min(seen, number), Math.max(seen, number - 1));
    for (let at = seen + 1; at < number && !replaced; at++) {
      const block = await blockAt(at);
      if (block) tell(block, "recovered");
      else onGap(at, at);
    }
    tell(head, "live");
  }
  client.on("message", (message) => {
    const { params } = read(message);
    if (!params || params.subscription !== subscription) return;
    // What the end of a connection cuts short, the next head takes up again.
    work = work.then(() => follow(params.result)).catch((error) => rpc.report(error));
  });
  return client;
}

type Block = Readonly<Record<"number" | "hash" | "parentHash", string>>;
interface Frame {
  readonly id?: number;
  readonly result?: unknown;
  readonly params?: { readonly subscription: string; readonly result: Block };
}
const request = (id: number, method: string, ...params: readonly unknown[]): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const read = (message: Message): Frame => JSON.parse(String(message)) as Frame;
