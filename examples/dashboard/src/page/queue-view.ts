import type { Clock, WebSocketClient } from "@stream-tungstenite/core";
import { every } from "../clock.ts";
import type { Orders } from "../orders.ts";
import { element, make, write } from "./element.ts";

/** Milliseconds between two orders. */
const orderInterval = 500;

/** The send queue as it fills and empties, and something to send. Returns how to draw it anew. */
export function queueView(
  client: WebSocketClient,
  orders: Orders,
  capacity: number,
  clock: Clock,
): () => void {
  const meter = element("cells", HTMLElement);
  const account = element("orders", HTMLElement);
  const toggle = element("send", HTMLButtonElement);
  const cells = Array.from({ length: capacity }, () => make("span", { class: "cell" }));
  meter.append(...cells);
  meter.setAttribute("aria-valuemin", "0");
  meter.setAttribute("aria-valuemax", String(capacity));

  const isOn = (): boolean => toggle.getAttribute("aria-pressed") === "true";
  toggle.addEventListener("click", () => toggle.setAttribute("aria-pressed", String(!isOn())));
  every(clock, orderInterval, () => {
    if (isOn()) orders.place();
  });

  return () => {
    const { queued } = client.snapshot();
    meter.setAttribute("aria-valuenow", String(queued));
    for (const [index, cell] of cells.entries()) cell.classList.toggle("full", index < queued);
    const { placed, receipted, dropped } = orders;
    // Handed to a connection that then broke: whether the server got them, nobody here knows.
    const unanswered = placed - receipted - dropped - queued;
    write(
      account,
      `${placed} orders · ${receipted} receipts · ${unanswered} unanswered · ${dropped} dropped`,
    );
  };
}
