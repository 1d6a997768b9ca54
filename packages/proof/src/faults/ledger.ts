import type { Told } from "./told.ts";

/** What a server has read: from which of its connections, and which message. */
export interface Entry {
  readonly connection: string;
  readonly number: number;
}

/** The fate of all messages that the client took. */
export interface Verdict {
  readonly accepted: number;
  readonly received: number;
  /** Reported by `dropped`, or by the rejection of `sendAsync`. */
  readonly reported: number;
  /** Handed to a connection that was lost, which `disconnected` told, and never received. */
  readonly unknown: number;
  /** Received from a lost connection after a newer one had delivered. */
  readonly late: number;
  /** Bytes with an unknown fate, as `disconnected` told them. */
  readonly buffered: number;
  /** What must not be: empty. */
  readonly faults: readonly string[];
}

/** Bytes of control frames that may wait beside the messages, and of each message's frame header. */
const controlBytes = 512;
const headerBytes = 14;

/**
 * Compares what a client was given and told with what its server received.
 *
 * ```text
 * accepted ── handed to connection c ── received, once and in order
 *    │                └── not received: c ended, `disconnected` said so, and nothing later on c arrived
 *    └── never handed: `dropped` or a rejection named it, and it never arrived
 * ```
 */
export function judge(told: readonly Told[], journal: readonly Entry[]): Verdict {
  const faults: string[] = [];
  const accepted = new Map<number, number>();
  const handed = new Map<number, number>();
  const reported = new Set<number>();
  const ended = new Map<number, number>();
  for (const each of told) {
    if (each.type === "sent" || each.type === "queued" || each.type === "waiting") {
      accepted.set(each.number, each.bytes);
    } else if (each.type === "handed") {
      if (handed.has(each.number)) faults.push(`${each.number} left the queue twice`);
      handed.set(each.number, each.connection);
    } else if (each.type === "dropped") {
      for (const number of each.numbers) {
        if (reported.has(number)) faults.push(`${number} was reported as dropped twice`);
        reported.add(number);
      }
    } else if (each.type === "disconnected") ended.set(each.connection, each.bufferedAmount);
  }
  // The rejection that goes with `dropped` tells of the same message once more.
  for (const each of told) if (each.type === "rejected") reported.add(each.number);

  const received = new Set<number>();
  const last = new Map<string, number>();
  let newest = 0;
  let late = 0;
  for (const { connection, number } of journal) {
    if (received.has(number)) faults.push(`${number} was received twice`);
    received.add(number);
    if (!accepted.has(number)) faults.push(`${number} was received but not accepted`);
    if (reported.has(number)) faults.push(`${number} was reported as dropped, and received`);
    if (number < (last.get(connection) ?? 0)) faults.push(`${number} was received out of order`);
    last.set(connection, number);
    if (number > newest) newest = number;
    else if (ended.has(handed.get(number) ?? -1)) late++;
    else faults.push(`${number} was received after ${newest}`);
  }

  const furthest = new Map<number, number>();
  for (const number of received) {
    const connection = handed.get(number) ?? -1;
    furthest.set(connection, Math.max(number, furthest.get(connection) ?? 0));
  }
  const unknownBytes = new Map<number, number>();
  let unknown = 0;
  for (const [number, bytes] of accepted) {
    if (received.has(number) || reported.has(number)) continue;
    const connection = handed.get(number);
    if (connection === undefined) faults.push(`${number} was accepted and never heard of again`);
    else if (!ended.has(connection)) {
      faults.push(`${number} was lost, and no disconnected told of connection ${connection}`);
    } else if (number < (furthest.get(connection) ?? 0)) {
      faults.push(`${number} was lost, but later ones of connection ${connection} arrived`);
    } else {
      unknown++;
      unknownBytes.set(connection, (unknownBytes.get(connection) ?? 0) + bytes + headerBytes);
    }
  }
  let buffered = 0;
  for (const [connection, bytes] of ended) {
    buffered += bytes;
    // Bytes that never left the process belong to messages that cannot have arrived.
    if (bytes > (unknownBytes.get(connection) ?? 0) + controlBytes) {
      faults.push(`connection ${connection} told of ${bytes} buffered bytes, but all arrived`);
    }
  }
  return {
    accepted: accepted.size,
    received: received.size,
    reported: reported.size,
    unknown,
    late,
    buffered,
    faults,
  };
}
