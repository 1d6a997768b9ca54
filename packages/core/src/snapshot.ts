import type { Snapshot } from "./client.ts";
import type { StreamTungsteniteError } from "./errors.ts";
import type { Supervisor } from "./supervisor.ts";

/** The figures that outlive a connection, under the names that they have in a snapshot. */
export interface Totals {
  connectionCount: number;
  errorCount: number;
  lastError: StreamTungsteniteError | null;
  lastDisconnect: Snapshot["lastDisconnect"];
  messagesReceived: number;
  messagesSent: number;
  bytesReceived: number;
  bytesSent: number;
}

/** Those of a client that has done nothing yet. */
export const noTotals = (): Totals => ({
  connectionCount: 0,
  errorCount: 0,
  lastError: null,
  lastDisconnect: null,
  messagesReceived: 0,
  messagesSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
});

/** The client's figures now. */
export function snapshotOf(supervisor: Supervisor): Snapshot {
  const { state, totals, sender, clock, url, client } = supervisor;
  const isConnected = state.status === "connected";
  return {
    ...totals,
    status: state.status,
    url,
    connectionId: isConnected ? state.id : null,
    reconnectCount: Math.max(0, totals.connectionCount - 1),
    connectedFor: isConnected ? clock.now() - state.since : null,
    queued: sender.length,
    queuedBytes: sender.bytes,
    bufferedAmount: client.bufferedAmount,
  };
}
