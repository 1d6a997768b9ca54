import type { Clock } from "@stream-tungstenite/core";
import type { DashboardClient } from "../client.ts";
import { durationWords, wordsOf } from "../model/words.ts";
import { element, isAvailable, setAvailable, write } from "./element.ts";

/** The state of the connection, its figures, and the client's own verbs. Returns how to draw it anew. */
export function stateView({ client, status }: DashboardClient, clock: Clock): () => void {
  const root = document.documentElement;
  const title = element("state-title", HTMLElement);
  const meaning = element("state-meaning", HTMLElement);
  const ticking = element("state-clock", HTMLElement);
  const countdown = element("countdown", SVGElement);
  const connection = element("connection", HTMLButtonElement);
  const reconnect = element("reconnect", HTMLButtonElement);
  const figures = {
    connected: element("figure-connected", HTMLElement),
    outage: element("figure-outage", HTMLElement),
    connections: element("figure-connections", HTMLElement),
    messages: element("figure-messages", HTMLElement),
  };

  const showState = (): void => {
    const { current } = status;
    const words = wordsOf(current);
    root.dataset["state"] = current.status;
    write(title, words.title);
    write(meaning, words.meaning);
    const isAtRest = current.status === "idle" || current.status === "closed";
    write(connection, isAtRest ? "Connect" : "Disconnect");
    for (const verb of [connection, reconnect]) {
      setAvailable(verb, current.status !== "closing");
    }
    // What the last state counted down would stand here until the next drawing.
    showTime();
    document.title = `${words.title} · stream-tungstenite dashboard`;
  };
  const showTime = (): void => {
    const { current, uptime } = status;
    const left = current.status === "waiting" ? current.until - clock.now() : 0;
    const share = current.status === "waiting" && current.delay > 0 ? left / current.delay : 0;
    countdown.style.strokeDashoffset = String(100 - 100 * Math.min(1, Math.max(0, share)));
    write(
      ticking,
      current.status === "connected"
        ? `for ${durationWords(Math.max(1_000, Math.floor(uptime / 1_000) * 1_000))}`
        : current.status === "waiting"
          ? `next try in ${durationWords(left)}`
          : "",
    );
    write(figures.connected, durationWords(status.timeConnected));
    write(figures.outage, durationWords(status.timeInOutage));
    write(figures.connections, String(status.connectionCount));
    write(figures.messages, status.messagesReceived.toLocaleString("en"));
  };

  connection.addEventListener("click", () => {
    if (!isAvailable(connection)) return;
    if (connection.textContent === "Connect") void client.connect().catch(() => {});
    else void client.disconnect();
  });
  reconnect.addEventListener("click", () => {
    if (isAvailable(reconnect)) client.reconnect();
  });
  status.subscribe(showState);
  showState();
  return showTime;
}
