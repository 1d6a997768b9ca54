import type { DisconnectCause, Transport, WebSocketClient } from "@stream-tungstenite/core";
import { ConnectionLostError } from "@stream-tungstenite/core";
import { seededRandom } from "@stream-tungstenite/retry";
import { every, sleep, type Clock } from "./clock.ts";
import type { DemoEvent, Status, Summary } from "./events.ts";
import { feedClient } from "./feed-client.ts";
import { OrderLedger } from "./orders/ledger.ts";
import { orderNumber, trade } from "./orders/trader.ts";
import { decodeServerMessage } from "./protocol.ts";
import { spellRanges } from "./ranges.ts";
import { Numbering, Outages, Rate } from "./statistics.ts";

export interface SessionOptions {
  readonly url: string;
  readonly token: string;
  /** Names this run at the server: orders are numbered within it. */
  readonly id: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly transport?: Transport | undefined;
  /** Takes the lines of the client's own log. @defaultValue none is kept */
  readonly log?: ((line: string) => void) | undefined;
  readonly emit: (event: DemoEvent) => void;
}

/** The client at work: it receives the feed, sends orders and keeps the books. */
export interface Session {
  /** Redacted. */
  readonly url: string;
  /** Dials, and from then on never stops trying until it is told to. */
  start(): void;
  /** Resolves when the client is closed, by us or because it gave up. */
  readonly closed: Promise<void>;
  /** Resolves at the next moment with a connection, when the signal aborts, or when the client is closed. */
  connected(signal: AbortSignal): Promise<void>;
  status(): Omit<Status, "at">;
  /** Sends no more orders. */
  stopOrders(): void;
  /** Waits up to `patience` milliseconds for receipts that are still due, then closes. */
  finish(patience: number): Promise<void>;
  summary(): Omit<Summary, "duration">;
}

const orderInterval = 50;
const pingInterval = 500;

/** A session that has not begun yet. */
export function feedSession(options: SessionOptions): Session {
  const { clock, emit, seed } = options;
  const ledger = new OrderLedger();
  const numbering = new Numbering();
  const outages = new Outages(clock);
  const rate = new Rate(clock);
  const prices = new Map<string, number>();
  const dropped = new Map<string, readonly number[]>();
  let messages = 0;
  let connection = 0;
  let attempt = 0;
  let roundTrip: number | null = null;
  let gaveUp: string | null = null;

  const { client, status } = feedClient({
    url: options.url,
    token: options.token,
    session: options.id,
    clock,
    random: seededRandom(seed),
    transport: options.transport,
    log: options.log,
    onHandedOver: (order, on) => ledger.handOver(order, on),
  });

  client.on("message", (text) => {
    const message = decodeServerMessage(text);
    switch (message?.type) {
      case "trade":
      case "book": {
        messages++;
        rate.count();
        if (message.type === "trade") prices.set(message.symbol, message.price);
        const gap = numbering.take(message.sequence, connection);
        if (gap !== undefined) emit({ type: "gap", ...gap });
        return;
      }
      case "receipt":
        return ledger.receipt(message.number, connection, message.duplicate);
      case "receipts": {
        const found = ledger.known(message.ranges);
        if (found.length > 0) emit({ type: "ordersFound", orders: spellRanges(found) });
      }
    }
  });
  report(client, emit);
  client.on("connecting", (event) => {
    attempt = event.attempt;
  });
  // Orders expire one by one; the audience hears of them when the outage is over.
  const tellDropped = (): void => {
    for (const [reason, orders] of dropped) {
      emit({ type: "ordersDropped", orders: spellRanges(orders), reason });
    }
    dropped.clear();
  };
  client.on("connected", (event) => {
    tellDropped();
    connection = event.id;
    emit({
      type: "connected",
      connection: event.id,
      attempt: event.attempt,
      outage: outages.end(),
    });
  });
  client.on("disconnected", ({ cause, uptime, bufferedAmount }) => {
    roundTrip = null;
    const closeCode = cause instanceof ConnectionLostError ? cause.close.code : null;
    emit({ type: "disconnected", ...spell(cause), closeCode, uptime, bufferedAmount });
    if (cause === undefined) return;
    outages.begin();
    const unknown = ledger.lose(connection, client.snapshot().queued);
    if (unknown.length > 0) emit({ type: "ordersUnknown", orders: spellRanges(unknown) });
  });
  client.on("dropped", ({ messages, reason }) => {
    const orders = messages.map(orderNumber).filter((number) => number !== undefined);
    for (const order of orders) ledger.drop(order);
    dropped.set(reason, [...(dropped.get(reason) ?? []), ...orders]);
  });
  client.on("fatal", ({ error }) => {
    gaveUp = error.message;
    emit({ type: "fatal", code: error.code, message: error.message });
  });
  const isClosed = (): boolean => client.state.status === "closed";
  const closed = new Promise<void>((resolve) => client.on("closed", () => resolve()));
  client.on("closed", tellDropped);

  // The heartbeat measures too, but asks nothing while the feed ticks; the status line wants to know all the
  // time. Fails while there is no connection, and that is told elsewhere.
  const ping = (): void => {
    if (!client.isConnected) return;
    client.ping(undefined, { timeout: pingInterval }).then(
      (time) => (roundTrip = time),
      () => {},
    );
  };
  const stopPings = every(clock, pingInterval, ping);
  const stopOrders = trade({
    client,
    ledger,
    clock,
    random: seededRandom(seed + 1),
    interval: orderInterval,
    prices,
  });
  void closed.then(stopPings).then(stopOrders);

  return {
    url: client.url,
    closed,
    start: () => void client.connect().catch(() => {}),
    connected: (signal) => client.ready({ signal }).catch(() => {}),
    status() {
      const { current } = status;
      return {
        state: current.status,
        attempt: current.status === "waiting" ? current.attempt : attempt,
        nextTry: current.status === "waiting" ? Math.max(0, current.until - clock.now()) : null,
        messagesPerSecond: rate.perSecond,
        roundTrip,
        ordersAccepted: ledger.accepted,
        ordersReceipted: ledger.receipted,
      };
    },
    stopOrders,
    async finish(patience) {
      stopOrders();
      if (isClosed()) return;
      const limit = clock.now() + patience;
      await client.flush({ timeout: patience }).catch(() => {});
      while (ledger.open > 0 && clock.now() < limit && !isClosed()) {
        await sleep(clock, 10);
      }
      const { wasClean, undelivered } = await client.close({ timeout: 1_000 });
      emit({ type: "closed", wasClean, undelivered });
    },
    summary: () => ({
      messages,
      connections: status.connectionCount,
      reconnects: status.reconnectCount,
      longestOutage: outages.longest,
      gaps: numbering.gaps,
      missed: numbering.missed,
      gapsWithinConnection: numbering.withinConnection,
      orders: ledger.close(),
      gaveUp,
    }),
  };
}

/** Passes on the events that need no book-keeping. */
function report(client: WebSocketClient, emit: (event: DemoEvent) => void): void {
  client.on("connecting", ({ attempt }) => emit({ type: "connecting", attempt }));
  client.on("reconnectScheduled", ({ attempt, delay }) =>
    emit({ type: "waiting", attempt, delay }),
  );
  client.on("error", ({ error, attempt }) =>
    emit({ type: "error", attempt, code: error.code, message: error.message }),
  );
}

function spell(cause: DisconnectCause | undefined): {
  readonly cause: string | null;
  readonly code: string | null;
} {
  return { cause: cause?.message ?? null, code: cause?.code ?? null };
}
