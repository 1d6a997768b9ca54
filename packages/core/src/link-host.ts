import type { WebSocketClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { DisconnectCause } from "./errors.ts";
import type { Inflow } from "./inflow.ts";
import type { Link } from "./link.ts";
import type { Resolved } from "./options.ts";
import type { Pings } from "./pings.ts";
import type { FaultHost, Plugins } from "./plugins.ts";
import type { Sender } from "./sender.ts";
import type { Totals } from "./snapshot.ts";
import type { CloseInfo, OpenInfo } from "./transport.ts";

/** How a connection ended. `cause` is null when the client wanted it. */
export interface LinkEnd {
  readonly cause: DisconnectCause | null;
  readonly close: CloseInfo;
  readonly bufferedAmount: number;
}

/** What a connection needs from the client. */
export interface LinkHost extends FaultHost {
  readonly client: WebSocketClient;
  readonly clock: Clock;
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly sender: Sender;
  readonly inflow: Inflow;
  /** Nothing is received for now. */
  readonly paused: boolean;
  readonly pings: Pings;
  readonly totals: Totals;
  resolved(url: string): void;
  opened(link: Link, info: OpenInfo): void;
  stepped(link: Link, step: string): void;
  ready(link: Link): void;
  ended(link: Link, end: LinkEnd): void;
}
