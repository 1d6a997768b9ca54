import type { DemoEvent, Status } from "../events.ts";
import type { Fault } from "../faults/plan.ts";
import type { Tone } from "./colours.ts";

/** A sentence for people, and how it should look. */
export interface Description {
  readonly tone: Tone;
  readonly text: string;
}

/** What happened, in one line; `undefined` for what only machines want to know. */
export function describe(event: DemoEvent): Description | undefined {
  switch (event.type) {
    case "started":
      return say(
        "plain",
        `${event.server === null ? "" : `feed server started (process ${event.server}), `}connecting to ${event.url} for ${event.seconds} s, seed ${event.seed}`,
      );
    case "connecting":
      return undefined;
    case "connected":
      return say(
        "good",
        `connected${event.outage === null ? "" : ` again after ${duration(event.outage)}, attempt ${event.attempt}`} (connection ${event.connection})`,
      );
    case "disconnected":
      return event.cause === null
        ? say("plain", `disconnected after ${duration(event.uptime)}, as asked`)
        : say(
            "bad",
            `disconnected after ${duration(event.uptime)}: ${event.cause}${event.bufferedAmount > 0 ? `; ${event.bufferedAmount} bytes were not on the network yet` : ""}`,
          );
    case "waiting":
      return say("busy", `next try (attempt ${event.attempt}) in ${duration(event.delay)}`);
    case "error":
      return say("bad", `attempt ${event.attempt} failed: ${event.message}`);
    case "fatal":
      return say("bad", `the client gave up: ${event.message}`);
    case "closed":
      return say(
        "plain",
        `closed${event.wasClean ? "" : ", and the server did not answer"}; ${event.undelivered} messages undelivered`,
      );
    case "fault":
      return say("fault", `fault: ${describeFault(event.fault)}`);
    case "faultSkipped":
      return say("quiet", `no time left for a fault: ${describeFault(event.fault)}`);
    case "gap": {
      const missed = event.to - event.from + 1;
      return event.reconnected
        ? say(
            "quiet",
            `feed goes on at ${count(event.to + 1)}; ${count(missed)} messages were published meanwhile`,
          )
        : say("bad", `gap in the feed's numbering: ${count(missed)} messages lost while connected`);
    }
    case "ordersUnknown":
      return say("busy", `orders of unknown fate, handed to the lost connection: ${event.orders}`);
    case "ordersFound":
      return say("good", `the server has them in its books after all: ${event.orders}`);
    case "ordersDropped":
      return say("busy", `orders reported dropped (${event.reason}): ${event.orders}`);
    case "ordersEnded":
      return say("plain", "no more orders; waiting for the last receipts");
    case "serverGone":
      return say("bad", `the feed server's process ended by itself: ${event.reason}`);
    case "interrupted":
      return say("plain", `${event.signal}: closing; once more ends at once`);
  }
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case "kill":
      return `server killed (SIGKILL), back in ${duration(fault.downtime)}`;
    case "close":
      return `server closes with ${fault.code} (${fault.reason})`;
    case "refuse":
      return `server closes with ${fault.code} and refuses ${fault.count === 1 ? "the next dial" : `${fault.count} dials`} with 503, Retry-After: ${fault.retryAfter}`;
    case "silence":
      return "server falls silent without closing";
  }
}

/** The status line: where the client is, and how fast. */
export function describeStatus(status: Status): Description {
  const tones: Readonly<Record<string, Tone>> = {
    connected: "good",
    waiting: "busy",
    closed: "plain",
  };
  return {
    tone: tones[status.state] ?? "busy",
    text: [
      `${seconds(status.at)}  ● ${status.state.padEnd(11)}`,
      `attempt ${status.attempt}`,
      `next try ${status.nextTry === null ? "–" : duration(status.nextTry)}`.padEnd(15),
      `${count(status.messagesPerSecond)} msg/s`.padStart(11),
      `rtt ${status.roundTrip === null ? "–" : `${status.roundTrip.toFixed(1)} ms`}`.padEnd(12),
      `orders ${count(status.ordersReceipted)}/${count(status.ordersAccepted)}`,
    ].join("  "),
  };
}

/** `12.34 s`, aligned. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2).padStart(6)} s`;
}

/** `87 ms`, `1.25 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** `12,345`, in any locale. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function say(tone: Tone, text: string): Description {
  return { tone, text };
}
