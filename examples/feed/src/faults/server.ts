/** A server that can be made to fail; the embedded one is a process, that of the tests is not. */
export interface FaultyServer {
  readonly url: string;
  /** Of its process. */
  readonly pid: number;
  /** Closes every connection with the code. */
  close(code: number, reason: string): void;
  /** Refuses the next dials with 503; `retryAfter` in seconds. */
  refuse(count: number, retryAfter: number): void;
  /** Neither reads nor writes on any open connection, and closes none. */
  fallSilent(): void;
  /** Ends without a word, and is back at the same address after `downtime` milliseconds. */
  kill(downtime: number): Promise<void>;
  /** Ends for good. */
  stop(): Promise<void>;
}
