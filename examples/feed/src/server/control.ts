// What the demo and its server's process say to each other over the IPC channel.

/** A fault that the server's own process carries out. */
export type Command =
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "refuse"; readonly count: number; readonly retryAfter: number }
  | { readonly type: "silence" };

/** What the server's process tells the demo, once. */
export interface Report {
  readonly type: "listening";
  readonly port: number;
}
