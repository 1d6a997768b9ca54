import type { Subject } from "./task.ts";

/** What is compared: a figure of a subject with that of another in the same round. */
export interface Target {
  readonly name: string;
  readonly work: string;
  readonly subject: Subject;
  readonly metric: string;
  /**
   * - `ratio`: the subject's figure over that of `base`.
   * - `difference`: the subject's figure less that of `base`.
   * - `value`: the subject's figure alone.
   * - `scaling`: the ratio at this work over the ratio at the work `from`.
   */
  readonly kind: "ratio" | "difference" | "value" | "scaling";
  /** @defaultValue "ws" */
  readonly base?: Subject;
  readonly from?: string;
  /** The worst that is good. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
  /**
   * By which share of what is published the short form lets noise miss it. Without one the short form does
   * not judge: the bound is an absolute time, or takes too long to measure.
   */
  readonly margin?: number;
  /** Promised to nobody: tells the short form, in seconds, what a target would tell in minutes. */
  readonly isSign?: true;
}

const tungstenite = "tungstenite";

/** A rate as a ratio to that of bare `ws`. */
function rate(name: string, work: string, atLeast: number, margin: number): Target {
  const subject = tungstenite;
  return { name, work, subject, metric: "rate", kind: "ratio", bound: { atLeast }, margin };
}

/** Extra bytes of heap for an idle client. */
function heap(clients: number): Target {
  return {
    name: `heap per idle client beyond bare ws, bytes, ${clients.toLocaleString("en")} clients`,
    work: `idle-${clients}`,
    subject: tungstenite,
    metric: "heap",
    kind: "difference",
    bound: { atMost: 2_000 },
    ...(clients > 1_000 ? {} : { margin: 0.5 }),
  };
}

/** Bytes per message that our own files allocate, beyond the message itself. */
function allocation(direction: string, data: string, what = ""): Target {
  return {
    name: `${direction} 64 B ${data}: bytes per message that our files allocate${what}`,
    work: `allocate-${direction}-${data}-64b`,
    subject: tungstenite,
    metric: "beyond",
    kind: "value",
    // The smallest object takes 12: what is less was not allocated for a message.
    bound: { atMost: 2 },
    margin: 1,
  };
}

/** Bytes per message that all together allocate, to what they allocate around bare `ws`: it repeats exactly. */
function allocationOfAll(direction: string, data: string): Target {
  return {
    name: `${direction} 64 B ${data}: bytes per message that all allocate`,
    work: `allocate-${direction}-${data}-64b`,
    subject: tungstenite,
    metric: "all",
    kind: "ratio",
    bound: { atMost: 1 },
    margin: 0.4,
    isSign: true,
  };
}

/** Resident memory of an idle client. */
function resident(clients: number): Target {
  return {
    name: `resident memory per idle client, ${clients.toLocaleString("en")} clients`,
    work: `idle-${clients}`,
    subject: tungstenite,
    metric: "rss",
    kind: "ratio",
    bound: { atMost: 1.1 },
  };
}

/** What this client promises, as figures, and signs of it; everything relative is to bare `ws` of the same run. */
export const targets: readonly Target[] = [
  rate("send bursts of 64 B", "send-text-64b", 3.3, 0.45),
  rate("send bursts of 1 KiB", "send-text-1kib", 2.5, 0.5),
  rate("send 16 KiB", "send-text-16kib", 0.97, 0.4),
  rate("send 1 MiB", "send-text-1mib", 0.97, 0.45),
  {
    name: "CPU time per sent message of 64 B",
    work: "send-text-64b",
    subject: tungstenite,
    metric: "cpu",
    kind: "ratio",
    bound: { atMost: 0.4 },
    margin: 0.6,
  },
  rate("receive 64 B text by listener", "receive-text-64b", 1.1, 0.4),
  {
    ...rate("receive 64 B text with logging, status and heartbeat", "receive-text-64b", 1, 0.4),
    subject: "tungstenite-extensions",
  },
  {
    ...rate("receive 64 B text by `for await`", "receive-text-64b", 0.9, 0.4),
    subject: "tungstenite-for-await",
  },
  rate("receive 16 KiB text", "receive-text-16kib", 1.05, 0.4),
  rate("receive 64 B binary", "receive-binary-64b", 0.97, 0.4),
  {
    name: "round trip of 64 B, p50",
    work: "echo-text-64b",
    subject: tungstenite,
    metric: "p50",
    kind: "ratio",
    bound: { atMost: 1.05 },
    margin: 0.5,
  },
  {
    name: "round trip of 64 B, p99",
    work: "echo-text-64b",
    subject: tungstenite,
    metric: "p99",
    kind: "ratio",
    bound: { atMost: 1.15 },
    margin: 1,
  },
  heap(1_000),
  heap(10_000),
  resident(1_000),
  resident(10_000),
  {
    name: "CPU time of 10,000 idle clients with heartbeats",
    work: "heartbeat-10000",
    subject: tungstenite,
    metric: "cpu",
    kind: "ratio",
    bound: { atMost: 1.1 },
  },
  {
    name: "CPU time of 1,000 idle clients with heartbeats",
    work: "heartbeat-1000",
    subject: tungstenite,
    metric: "cpu",
    kind: "ratio",
    bound: { atMost: 1.1 },
    margin: 1,
    isSign: true,
  },
  allocation("receive", "text"),
  allocation("receive", "binary", " beyond the message itself"),
  allocation("send", "text"),
  allocation("send", "binary"),
  allocationOfAll("receive", "text"),
  allocationOfAll("receive", "binary"),
  allocationOfAll("send", "text"),
  {
    ...rate("one asynchronous hook, to none", "receive-text-64b", 0.5, 0.5),
    subject: "tungstenite-async-hook",
    base: "tungstenite",
  },
  {
    name: "one asynchronous hook, peak memory beyond none, bytes",
    work: "receive-text-64b",
    subject: "tungstenite-async-hook",
    base: "tungstenite",
    metric: "peak",
    kind: "difference",
    bound: { atMost: 2 ** 26 },
    margin: 0.5,
  },
  {
    name: "import of core, retry and transport-node, `ws` included",
    work: "import",
    subject: tungstenite,
    metric: "import",
    kind: "ratio",
    bound: { atMost: 2 },
    margin: 0.25,
  },
  {
    name: "reconnect with all handshakes: milliseconds beyond the chosen delay",
    work: "outage",
    subject: "tungstenite-handshakes",
    metric: "late",
    kind: "value",
    bound: { atMost: 20 },
  },
  {
    name: "reconnect with all handshakes, to a hand-written loop without",
    work: "outage",
    subject: "tungstenite-handshakes",
    metric: "away",
    kind: "ratio",
    bound: { atMost: 1.1 },
    margin: 0.5,
  },
  {
    name: "scaling from 1,000 to 10,000 clients",
    work: "crowd-10000",
    from: "crowd-1000",
    subject: tungstenite,
    metric: "rate",
    kind: "scaling",
    bound: { atLeast: 0.85 },
  },
  {
    ...rate("scaling from 10⁵ to 10⁶ messages", "receive-1000000", 0.85, 0.3),
    kind: "scaling",
    from: "receive-100000",
  },
];

/** Those without the signs. */
export const promised: readonly Target[] = targets.filter(({ isSign }) => isSign !== true);
