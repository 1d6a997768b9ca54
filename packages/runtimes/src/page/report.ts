import type { WebSocketClient } from "@stream-tungstenite/core";

/** What the page tells of itself and of its client. */
export type PageReport =
  | { readonly what: "connecting"; readonly attempt: number }
  | { readonly what: "connected"; readonly reconnects: number }
  | { readonly what: "disconnected"; readonly cause: string | null; readonly willRetry: boolean }
  | { readonly what: "waiting"; readonly delay: number }
  | { readonly what: "error" | "connect() rejected" | "message"; readonly message: string }
  | { readonly what: "connect() resolved" | "run() resolved" }
  | {
      readonly what:
        | "online"
        | "offline"
        | "visibilitychange"
        | "freeze"
        | "resume"
        | "pagehide"
        | "pageshow";
      /** The client's, after its environment has heeded the event. */
      readonly status: string;
      readonly persisted: boolean | null;
      readonly isOnline: boolean;
    };

/** The page's globals that are used here: the tests are compiled without a browser's types. */
export interface PageWindow {
  client: WebSocketClient;
  readonly location: { readonly href: string };
  readonly navigator: { readonly onLine: boolean };
  addEventListener(
    type: string,
    listener: (event: { readonly persisted?: boolean }) => void,
    options: { readonly capture: boolean },
  ): void;
}
