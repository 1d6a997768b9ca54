import type { ClientEvents, Clock, WebSocketClient } from "@stream-tungstenite/core";
import { causeWords, durationWords } from "./model/words.ts";

/** A sentence about something that happened. */
export interface StoryLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly tone: "good" | "bad" | "plain";
  readonly text: string;
}

/** Tells what happens to a client, a sentence at a time; returns the undo. */
export function tellStory(
  client: WebSocketClient,
  clock: Clock,
  tell: (line: StoryLine) => void,
): () => void {
  const on = <K extends keyof ClientEvents>(
    event: K,
    tone: StoryLine["tone"],
    text: (payload: ClientEvents[K]) => string,
  ): (() => void) =>
    client.on(event, (payload) => tell({ at: clock.now(), tone, text: text(payload) }));
  const undo = [
    on("connected", "good", ({ id, attempt }) =>
      attempt === 0 ? `Connection ${id} is up.` : `Connection ${id} is up, with retry ${attempt}.`,
    ),
    on("disconnected", "bad", ({ cause, uptime }) =>
      cause === undefined
        ? `Disconnected as asked, after ${durationWords(uptime)}.`
        : `Lost after ${durationWords(uptime)}: ${causeWords(cause)}.`,
    ),
    on(
      "reconnectScheduled",
      "plain",
      ({ attempt, delay }) => `Retry ${attempt} in ${durationWords(delay)}.`,
    ),
    on("error", "bad", ({ error }) => `Failed: ${causeWords(error)}.`),
    on("fatal", "bad", ({ error }) => `Gave up: ${causeWords(error)}.`),
    on(
      "dropped",
      "bad",
      ({ messages, reason }) =>
        `${messages.length === 1 ? "An order" : `${messages.length} orders`} dropped: ${
          reason === "overflow" ? "the queue is full" : reason
        }.`,
    ),
  ];
  return () => undo.forEach((off) => off());
}
