// Runs in the page: a client that tells on the console what happens to it, and to the page.

import { createClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { browserTransport, environment } from "@stream-tungstenite/transport-browser";
import type { PageReport, PageWindow } from "./report.ts";

const window = globalThis as unknown as PageWindow;
const options = new URL(window.location.href).searchParams;
let count = 0;
const tell = (report: PageReport): void => console.log(JSON.stringify([++count, report]));

const client = createClient({
  url: options.get("url")!,
  plugins: [
    browserTransport(),
    heartbeat({
      message: "ping",
      isReply: (message) => message === "pong",
      // Asks only when somebody doubts the connection.
      interval: 3_600_000,
      timeout: Number(options.get("patience") ?? 10_000),
    }),
    options.has("plain")
      ? null
      : environment({ offlineInterval: Number(options.get("interval") ?? 30_000) }),
  ],
});

client.on("connecting", ({ attempt }) => tell({ what: "connecting", attempt }));
client.on("connected", ({ reconnects }) => tell({ what: "connected", reconnects }));
client.on("disconnected", ({ cause, willRetry }) =>
  tell({ what: "disconnected", cause: cause?.code ?? null, willRetry }),
);
client.on("reconnectScheduled", ({ delay }) => tell({ what: "waiting", delay }));
client.on("error", ({ error }) => tell({ what: "error", message: error.message }));
client.on("message", (message) => tell({ what: "message", message: String(message) }));

window.client = client;
client.connect().then(
  () => tell({ what: "connect() resolved" }),
  (error: Error) => tell({ what: "connect() rejected", message: error.message }),
);
void client.run().then(() => tell({ what: "run() resolved" }));

// Behind those of the environment, which began to listen with `connect()`.
const pageEvents = [
  "online",
  "offline",
  "visibilitychange",
  "freeze",
  "resume",
  "pagehide",
  "pageshow",
] as const;
for (const what of pageEvents) {
  const told = (event: { readonly persisted?: boolean }): void => {
    const { status } = client.state;
    tell({ what, status, persisted: event.persisted ?? null, isOnline: window.navigator.onLine });
  };
  window.addEventListener(what, told, { capture: true });
}
