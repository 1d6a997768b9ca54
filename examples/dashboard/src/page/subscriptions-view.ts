import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";
import type { DashboardClient } from "../client.ts";
import { sparkline, type Prices } from "../model/prices.ts";
import { shortened } from "../model/words.ts";
import { symbols } from "../protocol.ts";
import { element, make, match, write } from "./element.ts";

const spark = { width: 96, height: 24 };

/** The live set of channels, to add to and to remove from. Returns how to draw it anew. */
export function subscriptionsView(
  { client, subscriptions }: DashboardClient,
  prices: Prices,
): () => void {
  const list = element("subscriptions", HTMLUListElement);
  const form = element("subscribe", HTMLFormElement);
  const input = element("channel", HTMLInputElement);
  const offers = element("offers", HTMLElement);
  const count = element("subscription-count", HTMLElement);
  const fault = element("subscription-fault", HTMLElement);
  /** Asked for, neither answered nor removed yet. */
  const pending = new Set<string>();

  const add = async (channel: string): Promise<void> => {
    write(fault, "");
    pending.add(channel);
    try {
      await subscriptions.add([channel]);
    } catch (error) {
      // A removal ends the wait, too, as the user asked.
      if (pending.has(channel)) write(fault, `${shortened(channel)}: ${faultWords(error)}`);
    } finally {
      pending.delete(channel);
      draw();
    }
  };
  const remove = (channel: string): void => {
    pending.delete(channel);
    // Whatever becomes of it, the row is gone: the set is what the application wants.
    subscriptions.remove([channel]).catch(() => {});
    draw();
    // The button that had the focus is gone.
    (list.querySelector("button") ?? input).focus();
  };
  const take = (channel: string): void => {
    void add(channel);
    draw();
    (offers.querySelector("button") ?? input).focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const channel = input.value.trim().toUpperCase();
    input.value = "";
    if (channel === "") {
      write(fault, `Type a symbol, ${symbols[0]} for example.`);
      return;
    }
    void add(channel);
    draw();
  });

  const draw = (): void => {
    const { channels } = subscriptions;
    const hadFocus = list.contains(document.activeElement);
    const rows = match(list, channels, (channel) => makeRow(channel, () => remove(channel)));
    for (const [index, channel] of channels.entries()) {
      const state = !client.isConnected ? "waits" : pending.has(channel) ? "asked" : "live";
      drawRow(rows[index]!, state, prices, channel);
    }
    write(count, String(channels.length));
    const offered = symbols.filter((symbol) => !channels.includes(symbol));
    match(offers, offered, (symbol) => makeOffer(symbol, () => take(symbol)));
    // The server refused the row that had it.
    if (hadFocus && !list.contains(document.activeElement)) input.focus();
  };
  return draw;
}

function makeRow(channel: string, remove: () => void): HTMLElement {
  const button = make("button", { class: "button round", type: "button" }, "×");
  button.setAttribute("aria-label", `Unsubscribe ${shortened(channel)}`);
  button.addEventListener("click", remove);
  const row = make("li", { class: "row" });
  row.innerHTML = `
    <span class="standing"><span class="hidden"></span></span>
    <span class="symbol"></span>
    <svg class="spark" viewBox="0 -2 ${spark.width} ${spark.height + 4}" aria-hidden="true">
      <polyline />
    </svg>
    <span class="price"></span>
    <span class="change"></span>`;
  write(row.querySelector(".symbol")!, shortened(channel));
  row.append(button);
  return row;
}

function makeOffer(channel: string, take: () => void): HTMLElement {
  const button = make("button", { class: "button quiet", type: "button" }, `+ ${channel}`);
  button.setAttribute("aria-label", `Subscribe ${channel}`);
  button.addEventListener("click", take);
  return button;
}

function drawRow(
  row: HTMLElement,
  state: "live" | "asked" | "waits",
  prices: Prices,
  channel: string,
): void {
  row.dataset["standing"] = state;
  const standing = row.querySelector<HTMLElement>(".standing")!;
  write(standing.firstElementChild!, state);
  standing.title = state;
  const known = prices.of(channel);
  if (known === undefined) return;
  const { trail, last, change } = known;
  const direction = change > 0 ? "up" : change < 0 ? "down" : "flat";
  row.dataset["direction"] = direction;
  row
    .querySelector("polyline")!
    .setAttribute("points", sparkline(trail, spark.width, spark.height));
  write(row.querySelector(".price")!, last.toFixed(2));
  const sign = { up: "▲", down: "▼", flat: "" }[direction];
  write(row.querySelector(".change")!, `${sign} ${Math.abs(change * 100).toFixed(2)} %`);
}

function faultWords(error: unknown): string {
  if (error instanceof SubscriptionRefusedError) return "refused, there is no such symbol";
  return error instanceof Error ? error.message : String(error);
}
