import type { Transport } from "../../plugin.ts";
import type { Connection, ConnectionListener, ConnectRequest } from "../../transport.ts";
import { memoryHarness } from "../memory-harness.ts";
import { transportContract } from "../transport-contract.ts";
import type { ContractCapabilities } from "./harness.ts";

/** A transport that works, but for one thing. */
export interface Mutant {
  /** What the broken transport does. */
  readonly does: string;
  /** The case that tells, by its name. */
  readonly in: string;
  /** What it says, as the kit words it; `hangs` where a callback never comes. */
  readonly caught: RegExp | "hangs";
  /** What it cannot do though it claims to. */
  readonly lacks?: ContractCapabilities;
  /** What it passes on instead of what is requested. */
  readonly request?: Partial<ConnectRequest>;
  /** The calls of the listener that it changes; `notes` is what it remembers of this connection. */
  readonly listener?: (
    listener: ConnectionListener,
    request: ConnectRequest,
    notes: Set<string>,
  ) => Partial<ConnectionListener>;
  /** The methods of the connection that it changes. */
  readonly connection?: (
    connection: Connection,
    listener: ConnectionListener,
    request: ConnectRequest,
    notes: Set<string>,
  ) => Partial<Connection> | void;
}

/** How the case of the mutant failed; `hangs` when it does not get on, nothing when it passed. */
export function outcome(mutant: Mutant): Promise<string | undefined> {
  const wrap = (whole: Transport): Transport => broken(whole, mutant);
  const { capabilities: _, ...harness } = memoryHarness({ wrap, capabilities: mutant.lacks });
  const tried = transportContract(harness).find(({ name }) => name === mutant.in);
  if (!tried) throw new Error(`There is no case '${mutant.in}'`);
  return soon(tried.run());
}

/** How it failed, `hangs` when it does not get on, nothing when it passed. */
export async function soon(run: Promise<unknown>): Promise<string | undefined> {
  const end: { outcome?: string | undefined } = {};
  run.then(
    () => Object.assign(end, { outcome: undefined }),
    (error: unknown) => Object.assign(end, { outcome: String(error) }),
  );
  // All is microtasks here, so that a case that is going to end does so within these.
  for (let turn = 0; turn < 50_000; turn++) {
    await Promise.resolve();
    if ("outcome" in end) return end.outcome;
  }
  return "hangs";
}

/** A transport that does what the mutant does, and all else as the whole one. */
export function broken(
  whole: Transport,
  { request: asks, listener: hear, connection: speak }: Omit<Mutant, "does" | "in" | "caught">,
): Transport {
  return {
    ...whole,
    connect(request, listener) {
      const notes = new Set<string>();
      const heard: ConnectionListener = {
        onOpen: (info) => listener.onOpen(info),
        onMessage: (message, bytes) => listener.onMessage(message, bytes),
        onClose: (close) => listener.onClose(close),
        onDrain: () => listener.onDrain(),
        onPong: (payload) => listener.onPong(payload),
        onActivity: () => listener.onActivity(),
        ...hear?.(listener, request, notes),
      };
      const connection = whole.connect({ ...request, ...asks }, heard);
      const changed = speak?.(connection, listener, request, notes) ?? {};
      return new Proxy(connection, {
        get: (target, key) => {
          const member: unknown = Reflect.get(key in changed ? changed : target, key);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
    },
  };
}
