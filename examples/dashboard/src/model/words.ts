import {
  ConnectError,
  ConnectionLostError,
  ConnectTimeoutError,
  HandshakeError,
  HandshakeTimeoutError,
  IdleTimeoutError,
  PluginError,
  type ClientState,
  type StreamTungsteniteError,
} from "@stream-tungstenite/core";
import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";

/** A state in words: what it is, and what that means. */
export interface StateWords {
  readonly title: string;
  /** Stands still while the state lasts. */
  readonly meaning: string;
}

export function wordsOf(state: ClientState): StateWords {
  switch (state.status) {
    case "idle":
      return { title: "Disconnected", meaning: "At rest, until it is told to connect." };
    case "connecting":
      return { title: "Connecting", meaning: attemptWords(state.attempt) };
    case "handshaking":
      return { title: "Greeting", meaning: `The socket is open; the step is ${state.step}.` };
    case "connected":
      return { title: "Connected", meaning: `Connection ${state.id}, greeted and subscribed.` };
    case "waiting":
      return {
        title: "Waiting",
        meaning: `${sentence(causeWords(state.cause))} Retry ${state.attempt} comes by itself.`,
      };
    case "closing":
      return { title: "Closing", meaning: "Saying goodbye." };
    case "closed":
      return {
        title: "Closed",
        meaning: state.cause === null ? "For good." : `Gave up. ${finalWords(state.cause)}`,
      };
  }
}

function attemptWords(attempt: number): string {
  return attempt === 0 ? "The first attempt." : `Retry ${attempt} of this outage.`;
}

/** The whole message, but not what somebody typed at any length. */
function finalWords(cause: StreamTungsteniteError): string {
  return cause instanceof SubscriptionRefusedError ? sentence(causeWords(cause)) : cause.message;
}

/** Why a connection or an attempt failed, in a few words. */
export function causeWords(cause: StreamTungsteniteError): string {
  if (cause instanceof IdleTimeoutError) return "no sign of life";
  if (cause instanceof ConnectionLostError) {
    const { code, reason } = cause.close;
    if (code === 1006) return "connection cut";
    return reason === "" ? `closed with ${code}` : `closed with ${code}, ${reason}`;
  }
  if (cause instanceof ConnectTimeoutError) return "no answer in time";
  if (cause instanceof ConnectError) {
    return cause.status === undefined ? "no connection" : `refused with ${cause.status}`;
  }
  if (cause instanceof PluginError && cause.cause instanceof SubscriptionRefusedError) {
    return causeWords(cause.cause);
  }
  if (cause instanceof SubscriptionRefusedError) {
    return `subscription of ${shortened(cause.channels.join(", "))} refused`;
  }
  if (cause instanceof HandshakeTimeoutError) return `greeting unanswered at ${cause.step}`;
  if (cause instanceof HandshakeError) return `greeting failed at ${cause.step}`;
  return cause.message;
}

export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** What somebody typed, cut to what fits in a line. */
export function shortened(text: string): string {
  // By code points: half of a surrogate pair is no character.
  const characters = Array.from(text);
  return characters.length <= 24 ? text : `${characters.slice(0, 23).join("")}…`;
}

/** A duration for people: `412 ms`, `3.4 s`, `12 s`, `2 min 05 s`. */
export function durationWords(milliseconds: number): string {
  const whole = Math.max(0, milliseconds);
  if (whole < 999.5) return `${Math.round(whole)} ms`;
  if (whole < 9_950) return `${(whole / 1_000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
