// A schedule is plain data: the same one always runs the same way, and a shorter one that fails too can be
// found by leaving things out.

/** How the client and the transport of one schedule are made. Durations are milliseconds. */
export interface Settings {
  readonly canPing: boolean;
  readonly canPause: boolean;
  readonly canFlush: boolean;
  /** `Connection.send` returns the payload's length. */
  readonly tellsBytes: boolean;
  /** The URL is a function, asked on every attempt. */
  readonly asksUrl: boolean;
  /** Timers fire half a millisecond early by the clock, as real ones may. */
  readonly firesEarly: boolean;
  readonly capacity: number;
  readonly maxBytes: number;
  readonly overflow: "reject" | "drop-oldest" | "drop-newest";
  readonly whileDisconnected: "hold" | "reject";
  readonly maxAge: number | undefined;
  readonly highWaterMark: number;
  readonly receiveBuffer: number;
  readonly receiveTimeout: number;
  readonly stableAfter: number;
  readonly handshakeRetryDelay: number;
  readonly exitOnFirstFailure: boolean;
  readonly policy: "ignore" | "disconnect";
  /** What the strategy answers, retry by retry; the last answer serves all further ones, `null` gives up. */
  readonly delays: readonly (number | null)[];
  /** What `adjustDelay` answers; `null` when there is no such plugin. */
  readonly adjusted: number | null;
  readonly verdict: "default" | "yes" | "no" | "later" | "never" | "throws";
  readonly handshakes: number;
  /** Of the handshakes themselves; `undefined` leaves them the client's. */
  readonly handshakeTimeout: number | undefined;
  /** At the end the server is good again and time passes before the client is closed. */
  readonly endsWell: boolean;
}

/** How a server meets a dial. */
export type Greeting =
  | { readonly kind: "accept" }
  | { readonly kind: "wait" }
  | { readonly kind: "refuse"; readonly status: number; readonly retryAfter: number | undefined }
  /** `inside`: the transport tells the end before `connect` has returned. */
  | { readonly kind: "fail"; readonly retryable: boolean; readonly inside: boolean }
  | { readonly kind: "throw" }
  /** The URL function rejects, where there is one. */
  | { readonly kind: "no-url"; readonly retryable: boolean }
  /** It answers or rejects some turns later; if it waits, once it is told to, or after its attempt. */
  | { readonly kind: "late-url"; readonly rejects: boolean; readonly waits: boolean };

export type ListenerName =
  | "connecting"
  | "open"
  | "connected"
  | "disconnected"
  | "reconnectScheduled"
  | "error"
  | "fatal"
  | "shutdown"
  | "closed"
  | "state"
  | "message"
  | "drain"
  | "lagged"
  | "dropped";

/** Where code of the application or of a plugin runs inside the client. */
export type Place =
  | ListenerName
  | "onSend"
  | "onMessage"
  | "onConnected"
  | "onDisconnected"
  | "onStateChange"
  | "onError"
  | "handshake"
  | "nextDelay"
  | "shouldReconnect"
  | "setup"
  | "teardown"
  | "url";

/** How a handshake, or an exchange, goes. */
export type Talk =
  | "ok"
  | "ask"
  | "ask-twice"
  | "hang"
  | "refuse"
  | "fail"
  | "swallow"
  | "impatient";

/** What a waterfall hook does with the messages that it sees. */
export type HookMode =
  | "pass"
  | "replace"
  | "drop"
  | "split"
  /** The parts wait in the hook behind. */
  | "split-slowly"
  | "throw"
  | "nonsense"
  | "later"
  | "later-drop"
  | "later-split"
  | "later-throw"
  | "stall";

/** Something that the application, or a plugin, does. */
export type Call =
  | { readonly call: "connect" | "run"; readonly abortable: boolean }
  | { readonly call: "ready"; readonly timeout: number | undefined; readonly abortable: boolean }
  | { readonly call: "reconnect" }
  | { readonly call: "disconnect" | "close"; readonly timeout: number | undefined }
  | {
      readonly call: "send";
      readonly size: number;
      readonly maxAge: number | undefined;
      readonly binary: boolean;
    }
  | {
      readonly call: "sendAsync";
      readonly size: number;
      readonly maxAge: number | undefined;
      readonly timeout: number | undefined;
      readonly abortable: boolean;
    }
  | {
      readonly call: "flush" | "ping";
      readonly timeout: number | undefined;
      readonly abortable: boolean;
    }
  | {
      readonly call: "messages";
      readonly overflow: "pause" | "drop-oldest" | "drop-newest" | "error";
      readonly mark: number;
      readonly abortable: boolean;
    }
  | { readonly call: "events"; readonly abortable: boolean }
  | { readonly call: "once"; readonly event: ListenerName; readonly timeout: number | undefined }
  | { readonly call: "use"; readonly what: "extension" | "handshake" }
  | { readonly call: "unuse"; readonly which: number }
  | {
      readonly call: "exchange";
      readonly talk: Talk;
      readonly hold: boolean;
      readonly timeout: number | undefined;
      readonly abortable: boolean;
    }
  | { readonly call: "fail" | "report" | "probe" | "suspend" | "resume" | "throw" }
  /** Aborts what was begun with an own signal. */
  | { readonly call: "abort"; readonly which: number };

/** The calls of these names. */
export type CallOf<K extends Call["call"], C = Call> = C extends { readonly call: infer N }
  ? K extends N
    ? C
    : never
  : never;

/** One thing that happens. */
export type Happening =
  | { readonly do: "call"; readonly call: Call }
  /** The next time that code runs there, it does that. */
  | { readonly do: "react"; readonly at: Place; readonly call: Call }
  | { readonly do: "greet"; readonly next: Greeting }
  /** Answers the dial that waits, and every URL that is late. */
  | { readonly do: "answer"; readonly greeting: Greeting }
  /** Whether what handshakes and exchanges ask is answered at once. */
  | { readonly do: "replies"; readonly on: boolean }
  | { readonly do: "reply" }
  | { readonly do: "talk"; readonly as: Talk }
  | { readonly do: "hook"; readonly hook: "onSend" | "onMessage"; readonly mode: HookMode }
  /** Hooks that stall go on. */
  | { readonly do: "release" }
  /** The server sends messages; a paused socket holds them back, unless they were on their way already. */
  | { readonly do: "messages"; readonly count: number; readonly onTheirWay: boolean }
  | { readonly do: "end"; readonly code: number; readonly late: boolean }
  | { readonly do: "half-open"; readonly buffers: boolean }
  | { readonly do: "slow" }
  | { readonly do: "drain"; readonly bytes: number; readonly late: boolean }
  | { readonly do: "flow" }
  | { readonly do: "closing"; readonly answers: boolean }
  | { readonly do: "pong"; readonly which: "first" | "last" | "unknown" }
  /** A callback late, doubled or out of turn, on any socket so far. */
  | {
      readonly do: "stray";
      readonly socket: number;
      readonly callback: "open" | "message" | "close" | "drain" | "pong" | "activity";
    }
  /** The transport throws at the next message. */
  | { readonly do: "refuse-message" }
  | { readonly do: "advance"; readonly ms: number }
  /** Up to the next timer. */
  | { readonly do: "next-timer" }
  /** Time passes and no timer runs, as when a laptop sleeps. */
  | { readonly do: "jump"; readonly ms: number }
  | { readonly do: "read"; readonly reader: number; readonly count: number }
  | { readonly do: "leave"; readonly reader: number };

/** A happening, and how many promise turns pass before the next one; `null`: all that there are. */
export interface Step {
  readonly what: Happening;
  readonly turns: number | null;
}

export interface Schedule {
  readonly settings: Settings;
  readonly steps: readonly Step[];
}
