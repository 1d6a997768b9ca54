import type { Snapshot } from "./client.ts";
import type { StreamTungsteniteError } from "./errors.ts";
import { lightError } from "./light-error.ts";
import type { Link } from "./link.ts";
import type { Supervisor } from "./supervisor.ts";

/** The figures that outlive a connection. */
export class Totals {
  connections = 0;
  messages = 0;
  bytes = 0;
  errors = 0;
  lastError: StreamTungsteniteError | null = null;
  lastDisconnect: Snapshot["lastDisconnect"] = null;

  failed(error: StreamTungsteniteError): void {
    this.errors++;
    this.lastError = lightError(error);
  }

  /** What came over a connection that has ended. */
  add({ messages, bytes }: Link): void {
    this.messages += messages;
    this.bytes += bytes;
  }
}

/** The client's figures now. */
export function snapshotOf(supervisor: Supervisor): Snapshot {
  const { state, link, totals, sender, clock, url } = supervisor;
  const isConnected = state.status === "connected";
  return {
    status: state.status,
    url,
    connectionId: isConnected ? state.id : null,
    connectionCount: totals.connections,
    reconnectCount: Math.max(0, totals.connections - 1),
    errorCount: totals.errors,
    connectedFor: isConnected ? clock.now() - state.since : null,
    lastDisconnect: totals.lastDisconnect,
    lastError: totals.lastError,
    messagesReceived: totals.messages + (link?.messages ?? 0),
    messagesSent: sender.sent,
    bytesReceived: totals.bytes + (link?.bytes ?? 0),
    bytesSent: sender.sentBytes,
    queued: sender.length,
    queuedBytes: sender.bytes,
    bufferedAmount: supervisor.client.bufferedAmount,
  };
}
