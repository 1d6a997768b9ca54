/** Text or binary messages. */
export type Data = "text" | "binary";

/** Plain messages, or the envelope of a peer that speaks its own protocol. */
export type Dialect = "plain" | "graphql" | "socket.io";

/** Messages of one kind. */
export interface Traffic {
  readonly size: number;
  readonly data: Data;
  readonly dialect: Dialect;
  readonly deflate: boolean;
}

/** So many messages; the first `warmUp` are not measured. */
export interface Counted {
  readonly warmUp: number;
  readonly messages: number;
}

/** As many messages as go by in `span`, after `warmUp`; the clock is read once in `step` messages. */
export interface Timed {
  readonly warmUp: number;
  readonly span: number;
  readonly step: number;
}

/** How long messages flow. */
export type Extent = Counted | Timed;

/** What a client is measured at. Durations are milliseconds. */
export type Task =
  | ({ readonly kind: "receive" | "send"; readonly extent: Extent } & Traffic)
  | ({ readonly kind: "echo" } & Traffic & Counted)
  | ({ readonly kind: "crowd"; readonly clients: number } & Traffic & Counted)
  /** Nothing but being there, with a heartbeat every so often unless it is 0; memory is looked at after `settling`. */
  | {
      readonly kind: "idle";
      readonly clients: number;
      readonly heartbeat: number;
      readonly window: number;
      readonly settling: number;
    }
  /** The server goes away for `down`; the client comes back after `delay`. */
  | {
      readonly kind: "outage";
      readonly outages: number;
      readonly down: number;
      readonly delay: number;
    }
  | {
      readonly kind: "drain";
      readonly size: number;
      readonly messages: number;
      readonly down: number;
      readonly delay: number;
    }
  | { readonly kind: "import" }
  | ({
      readonly kind: "allocate";
      readonly direction: "receive" | "send";
      readonly extent: Counted;
    } & Traffic);

/** What one run of one subject gave. Which figures there are depends on the task. */
export type Sample = Readonly<Record<string, number>>;

/** Who is measured: a client, or a way to use it. */
export const subjects = [
  "ws",
  "raw",
  "platform",
  "ws-events-on",
  "reconnecting-websocket",
  "partysocket",
  "websocket-ts",
  "graphql-ws",
  "socket.io-client",
  "tungstenite",
  "tungstenite-for-await",
  "tungstenite-extensions",
  "tungstenite-async-hook",
  "tungstenite-handshakes",
] as const;

export type Subject = (typeof subjects)[number];

/** What the process of a subject is told. */
export interface Job {
  readonly subject: Subject;
  readonly task: Task;
  /** Where the load server listens. */
  readonly port: number;
  /** Where a CPU profile of what is measured as a rate goes, if anywhere. */
  readonly profile?: string;
}
