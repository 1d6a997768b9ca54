/** What is used of Chromium's `WebSocketStream`. */
export interface WebSocketStreamLike {
  readonly opened: Promise<{
    readonly readable: { getReader(): Reader };
    readonly writable: { getWriter(): Writer };
    readonly protocol: string;
    readonly extensions: string;
  }>;
  /** Rejects where the closing handshake was not completed. */
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string }>;
  close(info?: { readonly closeCode: number; readonly reason: string }): void;
}

export type WebSocketStreamClass = new (
  url: string,
  options: { readonly protocols: readonly string[] },
) => WebSocketStreamLike;

export interface Reader {
  /** `value` may be missing once it is `done`. */
  read(): Promise<{ readonly value: string | Uint8Array | ArrayBuffer; readonly done: boolean }>;
}

export interface Writer {
  readonly desiredSize: number | null;
  write(message: string | Uint8Array): Promise<void>;
  abort(): Promise<void>;
}
