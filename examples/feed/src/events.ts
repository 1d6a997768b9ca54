import type { Fault } from "./faults/plan.ts";
import type { Accounts } from "./orders/ledger.ts";

/**
 * What the demo tells its audience. Durations in milliseconds; `orders` as ranges, `41–43, 45`; `server` is the
 * process id of the demo's own server.
 */
export type DemoEvent =
  | {
      readonly type: "started";
      readonly url: string;
      readonly server: number | null;
      readonly seconds: number;
      readonly seed: number;
    }
  | { readonly type: "connecting"; readonly attempt: number }
  | {
      readonly type: "connected";
      readonly connection: number;
      readonly attempt: number;
      readonly outage: number | null;
    }
  | {
      readonly type: "disconnected";
      readonly cause: string | null;
      readonly code: string | null;
      readonly closeCode: number | null;
      readonly uptime: number;
      readonly bufferedAmount: number;
    }
  | { readonly type: "waiting"; readonly attempt: number; readonly delay: number }
  | {
      readonly type: "error";
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: "fatal"; readonly code: string; readonly message: string }
  | { readonly type: "closed"; readonly wasClean: boolean; readonly undelivered: number }
  | { readonly type: "fault"; readonly fault: Fault }
  | { readonly type: "faultSkipped"; readonly fault: Fault }
  | {
      readonly type: "gap";
      readonly from: number;
      readonly to: number;
      readonly reconnected: boolean;
    }
  | { readonly type: "ordersUnknown"; readonly orders: string }
  | { readonly type: "ordersFound"; readonly orders: string }
  | { readonly type: "ordersDropped"; readonly orders: string; readonly reason: string }
  | { readonly type: "ordersEnded" }
  | { readonly type: "serverGone"; readonly reason: string }
  | { readonly type: "interrupted"; readonly signal: string };

/** An event and when it happened, milliseconds after the start. */
export type TimedEvent = DemoEvent & { readonly at: number };

/** What the status line shows. */
export interface Status {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly state: string;
  /** 0 for the first dial, n for the n-th retry of the outage. */
  readonly attempt: number;
  /** Milliseconds until the next attempt, while one is waited for. */
  readonly nextTry: number | null;
  readonly messagesPerSecond: number;
  /** Milliseconds, by ping; `null` before the first answer on this connection. */
  readonly roundTrip: number | null;
  readonly ordersAccepted: number;
  readonly ordersReceipted: number;
}

/** The sum at the end. Durations in milliseconds. */
export interface Summary {
  readonly duration: number;
  /** Messages of the feed. */
  readonly messages: number;
  readonly connections: number;
  readonly reconnects: number;
  readonly longestOutage: number;
  readonly gaps: number;
  /** Messages in the gaps. */
  readonly missed: number;
  /** Gaps that no loss of the connection explains. */
  readonly gapsWithinConnection: number;
  readonly orders: Accounts;
  /** Why the client stopped trying; `null` if it never did. */
  readonly gaveUp: string | null;
}

/** Who shows it all. */
export interface View {
  event(event: TimedEvent): void;
  status(status: Status): void;
  /** Lets somebody else print whole lines, to the same screen perhaps. */
  aside(print: () => void): void;
  summary(summary: Summary): void;
}
