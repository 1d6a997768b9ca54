import { ConnectionLostError, type ClientState } from "@stream-tungstenite/core";
import type { Transition } from "@stream-tungstenite/ext-status";

export const idle: ClientState = { status: "idle" };
export const connecting: ClientState = { status: "connecting", attempt: 0 };
export const greeting: ClientState = { status: "handshaking", attempt: 0, step: "auth" };
export const connected: ClientState = { status: "connected", id: 1, since: 0 };
export const closing: ClientState = { status: "closing", next: "idle" };

/** Waiting for this retry, after the connection was cut. */
export function waiting(attempt: number, delay: number): ClientState {
  const cause = new ConnectionLostError({ code: 1006, reason: "", wasClean: false });
  return { status: "waiting", attempt, delay, until: 0, cause };
}

/** A history that begins idle and enters each state at its time. */
export function historyOf(
  ...entries: readonly (readonly [at: number, state: ClientState])[]
): readonly Transition[] {
  return entries.map(([at, to], index) => ({ at, from: entries[index - 1]?.[1] ?? idle, to }));
}
