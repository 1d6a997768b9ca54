import type { ClientEvents, DropReason } from "@stream-tungstenite/core";
import { StreamTungsteniteError } from "@stream-tungstenite/core";

/** What the client says about a failure, as plain data that may cross to another process. */
export interface Cause {
  readonly name: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly message: string;
  /** Of a failed dial. */
  readonly phase?: string;
  /** Of an HTTP answer that refuses. */
  readonly status?: number;
  /** Milliseconds. */
  readonly retryAfter?: number;
  /** Close code of a lost connection. */
  readonly close?: number;
  /** Code of the error below, as Node has it. */
  readonly because?: string;
}

/** What happened in the process of the client; `at` is milliseconds since the epoch. */
export type Told = { readonly at: number } & (
  | { readonly type: "connecting"; readonly attempt: number }
  | { readonly type: "connected"; readonly connection: number; readonly attempt: number }
  | {
      readonly type: "disconnected";
      readonly connection: number;
      readonly cause: Cause | null;
      readonly willRetry: boolean;
      readonly bufferedAmount: number;
    }
  | { readonly type: "reconnectScheduled"; readonly attempt: number; readonly delay: number }
  | { readonly type: "error" | "fatal"; readonly cause: Cause }
  | { readonly type: "closed" }
  | { readonly type: "dropped"; readonly numbers: readonly number[]; readonly reason: DropReason }
  /** The client took a message, or did not: it threw, or answered `dropped`. */
  | {
      readonly type: "sent" | "queued" | "waiting" | "refused";
      readonly number: number;
      readonly bytes: number;
    }
  /** A message left the queue for this connection. */
  | { readonly type: "handed"; readonly number: number; readonly connection: number }
  /** `sendAsync` rejected. */
  | { readonly type: "rejected"; readonly number: number; readonly cause: Cause }
);

/** One kind of what is told. */
export type ToldOf<T extends Told["type"], Each = Told> = Each extends { readonly type: infer K }
  ? T extends K
    ? Each
    : never
  : never;

/** Makes a failure plain. */
export function causeOf(error: unknown): Cause {
  const { name, message } = error as Error;
  const known = error instanceof StreamTungsteniteError;
  const { phase, status, retryAfter, close, cause } = error as {
    readonly phase?: string;
    readonly status?: number;
    readonly retryAfter?: number;
    readonly close?: ClientEvents["disconnected"] & { readonly code: number };
    readonly cause?: unknown;
  };
  const because = innermostCode(cause);
  return {
    name,
    message,
    code: known ? error.code : "",
    retryable: known && error.retryable,
    ...(phase === undefined ? {} : { phase }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(close === undefined ? {} : { close: close.code }),
    ...(because === undefined ? {} : { because }),
  };
}

function innermostCode(cause: unknown): string | undefined {
  let code: string | undefined;
  for (let error = cause; error instanceof Error; error = error.cause) {
    code = (error as NodeJS.ErrnoException).code ?? code ?? error.name;
  }
  return code;
}

/** The number that a message begins with. */
export function numberOf(message: unknown): number {
  return Number.parseInt(String(message), 10);
}
