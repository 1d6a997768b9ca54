/** Asks the server of one connection for a sign of life. */
export interface Probe {
  /** What was asked before and not answered yet is given up. */
  send(): void;
  /** Nothing is told any more. */
  stop(): void;
}

/** What a probe tells. */
export interface ProbeListener {
  /** The answer came; the round trip in milliseconds, or null when it is not known whose answer it is. */
  answered(rtt: number | null): void;
  /** The application's `message` or `isReply` threw: nothing can be concluded from silence. */
  failed(error: unknown): void;
}
