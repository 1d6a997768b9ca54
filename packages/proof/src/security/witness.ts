import { createClient } from "@stream-tungstenite/core";
import type { ClientOptions, WebSocketClient } from "@stream-tungstenite/core";
import { eventNames } from "@stream-tungstenite/core/testing";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { onTestFinished } from "vitest";
import { everythingOf } from "./canaries.ts";

/** A client of which all is written down that it tells: events, errors, figures and logs of every level. */
export interface Witness {
  readonly client: WebSocketClient;
  /** What was logged. */
  readonly lines: readonly string[];
  /** Connects until it gives up or is connected, closes, and returns all that was told. */
  readonly testimony: () => Promise<string>;
}

/** Makes a client that is watched in every way there is; it retries once. */
export function witness(options: ClientOptions): Witness {
  const told: unknown[] = [];
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(text);
  const logger = { error: line, warn: line, info: line, debug: line, trace: line };
  const figures = status();
  let retries = 0;
  const client = createClient({
    ...options,
    plugins: [
      options.plugins,
      { name: "once", nextDelay: () => (retries++ === 0 ? 0 : null) },
      figures,
      heartbeat(),
      logging.verbose({ level: "trace", logger, maxLength: 10_000 }),
    ],
  });
  onTestFinished(async () => void (await client.close({ timeout: 1 })));
  for (const name of eventNames) {
    // Messages are for the application as they are.
    if (name !== "message") client.on(name, (event) => void told.push(event));
  }
  return {
    client,
    lines,
    async testimony() {
      const ended = new Promise<void>((resolve) => {
        client.on("closed", () => resolve());
      });
      const outcome = await client.connect().catch((error: unknown) => error);
      told.push(outcome, client.snapshot());
      if (client.state.status !== "closed") {
        for (const act of [() => client.ping(undefined, { timeout: 50 }), () => client.flush()]) {
          told.push(await act().catch((error: unknown) => error));
        }
        void client.close({ timeout: 1_000 });
      }
      await ended;
      for (const act of [() => client.ready(), () => client.sendAsync("x")]) {
        told.push(await act().catch((error: unknown) => error));
      }
      told.push(client, client.url, client.state, client.snapshot());
      told.push(figures, figures.getSnapshot(), figures.history, figures.lastCause);
      return everythingOf([...told, ...lines]);
    },
  };
}
