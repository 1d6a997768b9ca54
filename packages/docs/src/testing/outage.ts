import { createClient } from "@stream-tungstenite/core";
import type { ClientOptions, Plugin } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { serve } from "./server.ts";

/** How an outage went. */
export interface Outage {
  /** Milliseconds before each retry. */
  readonly delays: readonly number[];
  /** Why the client gave up, if it did. */
  readonly error: unknown;
}

/** Lets a client dial a server that refuses it, for at most `retries` retries; only the time is not real. */
export async function outage(
  strategy: Pick<Plugin, "name" | "nextDelay">,
  retries: number,
  options: Partial<ClientOptions> = {},
): Promise<Outage> {
  const server = await serve();
  const clock = manualClock();
  await using client = createClient({
    ...options,
    url: server.url,
    clock,
    plugins: [nodeTransport(), strategy],
  });
  for (let index = 0; index <= retries; index++) server.answers.push({ status: 503 });
  let error: unknown;
  const over = client.connect().catch((reason: unknown) => {
    error = reason;
  });
  const delays: number[] = [];
  while (delays.length < retries) {
    const scheduled = client.once("reconnectScheduled").catch(() => null);
    const next = await Promise.race([scheduled, over]);
    if (!next) break;
    delays.push(next.delay);
    await clock.advance(next.delay);
  }
  return { delays, error };
}
