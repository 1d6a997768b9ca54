/** Asks the server of one connection for a sign of life. */
export interface Probe {
  /**
   * Asks, or goes on waiting for the answer to what it asked before. False when frames have come since that
   * question: silence from now on does not judge it.
   */
  send(): boolean;
  /** Nothing is told any more. */
  stop(): void;
}

/** What a probe tells. */
export interface ProbeListener {
  /** The answer came; the round trip in milliseconds. */
  answered(rtt: number): void;
  /** The application's `message` or `isReply` threw: nothing can be concluded from silence. */
  failed(error: unknown): void;
}
