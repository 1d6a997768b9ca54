import type { Clock } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { dashboardClient, type DashboardClient } from "../client.ts";
import { feedPath, tokenPath } from "../protocol.ts";
import { tellStory } from "../story.ts";

export interface WatchOptions {
  /** Where the dashboard is. */
  readonly url: string;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

/** The page's client in Node, over another transport, telling what happens to it. */
export function watch({ url, clock, print }: WatchOptions): DashboardClient {
  const feed = new URL(feedPath, url);
  feed.protocol = feed.protocol === "https:" ? "wss:" : "ws:";
  const dashboard = dashboardClient({
    url: feed.href,
    transport: nodeTransport(),
    token: async ({ signal }) => (await fetch(new URL(tokenPath, url), { signal })).text(),
    channels: ["ALPHA", "BRAVO", "CHARLIE"],
    clock,
  });
  tellStory(dashboard.client, clock, ({ text }) => print(text));
  return dashboard;
}
