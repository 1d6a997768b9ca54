import type { Transport } from "../plugin.ts";
import type {
  ContractAnswer,
  ContractCapabilities,
  ContractPeer,
  ContractServer,
  TransportHarness,
} from "./contract/harness.ts";
import type { MemoryDial } from "./memory-dial.ts";
import type { MemoryPeer } from "./memory-peer.ts";
import { memoryServer, type MemoryServer } from "./memory-server.ts";
import { memoryTransport } from "./memory-transport.ts";

/** How a `memoryHarness` differs from the usual one. */
export interface MemoryHarnessOptions {
  /** Makes the transport under test of the one in memory. @defaultValue that one as it is */
  readonly wrap?: ((transport: Transport) => Transport) | undefined;
  /** What the transport in memory can do, and what is asked of the one under test. @defaultValue all */
  readonly capabilities?: ContractCapabilities | undefined;
}

/**
 * A harness for a transport that wraps another one, to inject faults or to count: it keeps the contract in
 * memory before it is tried on a network.
 */
export function memoryHarness(options: MemoryHarnessOptions = {}): TransportHarness {
  const { wrap = (transport) => transport, capabilities = {} } = options;
  let server: MemoryServer;
  return {
    transport: () => wrap(memoryTransport(server, capabilities)),
    server: () => {
      server = memoryServer();
      return Promise.resolve(commanded(server));
    },
    capabilities,
  };
}

const nowhere = "ws://nowhere.test/";
/** More than a case leaves unread, in bytes. */
const buffers = 64 * 1_048_576;
/** Bytes that are taken at a time. */
const part = 4_096;

function commanded(server: MemoryServer): ContractServer {
  let answer: ContractAnswer | undefined;
  let held = 0;
  const waiting: (() => void)[] = [];
  server.onDial((dial) => {
    if (dial.url.startsWith(nowhere)) return dial.fail("tcp");
    const now: ContractAnswer = answer ?? { type: "accept" };
    answer = undefined;
    if (now.type !== "hold") return give(dial, now);
    held++;
    waiting.shift()?.();
  });
  return {
    url: server.url,
    nowhere,
    async answerNext(next) {
      answer = next;
    },
    async held() {
      if (held === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      held--;
    },
    nextPeer: async () => commandedPeer(await server.nextPeer()),
    async close() {
      server.drop();
    },
  };
}

function give(dial: MemoryDial, answer: Exclude<ContractAnswer, { readonly type: "hold" }>): void {
  if (answer.type === "drop") return dial.fail("upgrade");
  if (answer.type === "refuse") {
    const { status, retryAfter } = answer;
    return dial.refuse(status, retryAfter === undefined ? {} : { retryAfter: retryAfter * 1_000 });
  }
  // A server chooses among those that reached it (RFC 6455 §4.2.2), or none.
  const { protocol = "" } = answer;
  const peer = dial.accept({ protocol: dial.protocols.includes(protocol) ? protocol : "" });
  if (answer.greeting !== undefined) peer.send(answer.greeting);
}

function commandedPeer(peer: MemoryPeer): ContractPeer {
  return {
    path: peer.url,
    async send(message) {
      peer.send(message);
    },
    next: () => peer.next(),
    async ping(payload) {
      peer.ping(payload);
    },
    async close(code, reason) {
      peer.close(code, reason);
    },
    async drop() {
      peer.drop();
    },
    async closed() {
      await peer.ended;
      return peer.closeFrame ?? { code: 1006, reason: "" };
    },
    async stall() {
      peer.slow();
    },
    async unstall() {
      // As a network does: little by little, so that it shows at which mark a drain is told.
      for (let taken = 0; taken < buffers; taken += part) peer.drain(part);
      peer.flow();
    },
  };
}
