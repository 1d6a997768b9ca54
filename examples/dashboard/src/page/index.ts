import { browserTransport } from "@stream-tungstenite/transport-browser";
import { backoff, dashboardClient, queueCapacity } from "../client.ts";
import { every, fineClock } from "../clock.ts";
import { chosenDelays } from "../model/delays.ts";
import { lanes } from "../model/lanes.ts";
import { Prices } from "../model/prices.ts";
import { Samples } from "../model/samples.ts";
import { orders } from "../orders.ts";
import { decodeServerMessage, feedPath, tokenPath } from "../protocol.ts";
import { tellStory } from "../story.ts";
import { delaysView } from "./delays-view.ts";
import { plotsView } from "./plots-view.ts";
import { queueView } from "./queue-view.ts";
import { serverView } from "./server-view.ts";
import { stateView } from "./state-view.ts";
import { storyView } from "./story-view.ts";
import { subscriptionsView } from "./subscriptions-view.ts";
import { theme } from "./theme.ts";
import { timelineView } from "./timeline-view.ts";

/** Milliseconds of the past that are shown. */
const window = 60_000;
/** Milliseconds between two drawings; who wants less motion gets fewer. */
const frame = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1_000 : 250;
const sampling = 500;

const clock = fineClock;
const url = new URL(feedPath, location.href);
url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
const dashboard = dashboardClient({
  url: url.href,
  transport: browserTransport(),
  token: async ({ signal }) => (await fetch(tokenPath, { signal })).text(),
  channels: ["ALPHA", "BRAVO", "CHARLIE"],
  clock,
});
const { client, status, heartbeat } = dashboard;

const samples = new Samples(window);
const prices = new Prices(80);
client.on("message", (message) => {
  const decoded = decodeServerMessage(message);
  if (decoded?.type === "trade") prices.add(decoded);
});
const plots = plotsView(window, queueCapacity);
const drawTimeline = timelineView(window);
const drawDelays = delaysView(backoff.max);
const drawState = stateView(dashboard, clock);
const drawQueue = queueView(client, orders(client), queueCapacity, clock);
const drawSubscriptions = subscriptionsView(dashboard, prices);
tellStory(client, clock, storyView(60));
serverView();
theme(() => plots.redraw());

const draw = (): void => {
  const now = clock.now();
  const { states, outages } = lanes(status.history, now - window, now);
  drawState();
  drawTimeline(states, outages, now);
  drawDelays(chosenDelays(status.history, backoff, 8));
  drawQueue();
  drawSubscriptions();
};
const sample = (): void => {
  const now = clock.now();
  samples.add({
    at: now,
    received: status.messagesReceived,
    roundTrip: client.isConnected ? heartbeat.rtt : null,
    queued: client.snapshot().queued,
  });
  plots.draw(samples, lanes(status.history, now - window, now).outages, now);
};
every(clock, frame, draw);
every(clock, sampling, sample);
draw();
sample();
client.connect().catch(() => {
  // What made it give up is told by the state.
});
