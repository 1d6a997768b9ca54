/** The globals that not every runtime has. Read when they are needed: never when the package is imported. */
export interface Platform {
  readonly WebSocket?: unknown;
  readonly WebSocketStream?: unknown;
  readonly navigator?: { readonly product?: string; readonly onLine?: boolean };
}

export const platform = (): Platform => globalThis as Platform;
