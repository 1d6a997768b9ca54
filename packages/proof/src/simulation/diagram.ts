import type { ClientState } from "@stream-tungstenite/core";

type Status = ClientState["status"];

/** Every arrow there is, by where it begins. `closed` goes on only after giving up. */
const arrows: Readonly<Record<Status, readonly Status[]>> = {
  idle: ["connecting", "closed"],
  // Without handshakes an open socket is a connection; an abort or `disconnect()` leads back to `idle`.
  connecting: ["handshaking", "connected", "waiting", "idle", "closed"],
  // From step to step, too.
  handshaking: ["handshaking", "connected", "waiting", "idle", "closed"],
  connected: ["waiting", "closing", "closed"],
  // Once for the loss, and once more when an asynchronous `shouldReconnect` has answered.
  waiting: ["connecting", "waiting", "idle", "closed"],
  // `close()` may overtake `disconnect()`, and `connect()` dials once the socket is gone.
  closing: ["idle", "closed", "connecting", "closing"],
  // Starting afresh may fail at once, for a reason of its own.
  closed: ["connecting", "closed"],
};

/** What is wrong with a step from one state to the next; `null` when it is drawn. */
export function strayArrow(from: ClientState, to: ClientState): string | null {
  const arrow = `${from.status} --> ${to.status}`;
  if (!arrows[from.status].includes(to.status)) return `${arrow} is not drawn`;
  if (from.status === "closed" && from.cause === null) return `${arrow} after close()`;
  if (from.status === "closing" && from.next === "closed" && to.status !== "closed") {
    return `${arrow} although it was to be closed`;
  }
  return null;
}

/** Every arrow, those that lead back to where they begin too, which no drawing shows. */
export const drawn: readonly string[] = Object.entries(arrows).flatMap(([from, all]) =>
  all.map((to) => `${from} --> ${to}`),
);
