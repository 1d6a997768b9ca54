import type { Data, Dialect, Subject, Task, Traffic } from "./task.ts";

/** A work that several subjects do in turns; the first is what the others are compared with. */
export interface Work {
  readonly id: string;
  /** As the tables say it. */
  readonly title: string;
  readonly task: Task;
  readonly subjects: readonly Subject[];
  /** @defaultValue "node" */
  readonly place?: "node" | "chromium";
}

/** Sizes of messages, bytes. */
export const sizes = [16, 64, 1_024, 16_384, 1_048_576] as const;

/** As the tables say them. */
export function sizeName(size: number): string {
  if (size >= 1_048_576) return `${size / 1_048_576} MiB`;
  return size >= 1_024 ? `${size / 1_024} KiB` : `${size} B`;
}

/** As identifiers say them. */
function sizeId(size: number): string {
  return sizeName(size).replace(" ", "").toLowerCase();
}

/** Messages, by size, that take bare `ws` about a second on two cores. */
const enough: Readonly<Record<"receive" | "send", readonly number[]>> = {
  receive: [1_200_000, 1_000_000, 400_000, 50_000, 600],
  send: [150_000, 150_000, 100_000, 25_000, 300],
};

/** With compression it is zlib that is measured. */
const enoughDeflated: readonly number[] = [20_000, 20_000, 15_000, 4_000, 60];

function traffic(
  direction: "receive" | "send",
  size: (typeof sizes)[number],
  data: Data,
  deflate: boolean,
  dialect: Dialect = "plain",
): Traffic {
  const counts = deflate ? enoughDeflated : enough[direction];
  const messages = counts[sizes.indexOf(size)]!;
  return { size, data, dialect, deflate, messages, warmUp: Math.ceil(messages / 3) };
}

const wrappers: readonly Subject[] = ["reconnecting-websocket", "partysocket", "websocket-ts"];
const sockets: readonly Subject[] = ["ws", "tungstenite", "platform", ...wrappers];

/** Who else does that work. */
const others: Readonly<Record<string, readonly Subject[]>> = {
  "receive-text-64b": [
    "tungstenite-for-await",
    "tungstenite-extensions",
    "tungstenite-async-hook",
    "ws-events-on",
  ],
  "send-text-64b": ["tungstenite-extensions"],
};

function matrix(): Work[] {
  const works: Work[] = [];
  for (const direction of ["receive", "send"] as const)
    for (const deflate of [false, true])
      for (const data of ["text", "binary"] as const)
        for (const size of sizes) {
          const id = `${direction}-${data}-${sizeId(size)}${deflate ? "-deflate" : ""}`;
          const how = deflate ? ", permessage-deflate" : "";
          works.push({
            id,
            title: `${direction} ${sizeName(size)} ${data}${how}`,
            task: { kind: direction, ...traffic(direction, size, data, deflate) },
            subjects: [...sockets, ...(others[id] ?? []), ...(deflate ? [] : (["raw"] as const))],
          });
        }
  return works;
}

const round: Traffic = {
  size: 64,
  data: "text",
  dialect: "plain",
  deflate: false,
  warmUp: 4_000,
  messages: 20_000,
};

function echoes(): Work[] {
  return ([64, 1_024, 16_384] as const).map((size) => ({
    id: `echo-text-${sizeId(size)}`,
    title: `round trip of ${sizeName(size)} text`,
    task: { kind: "echo", ...round, size },
    subjects: sockets,
  }));
}

/** Peers with a protocol of their own, against others that encode and decode it by hand. */
function dialects(): Work[] {
  const graphql = traffic("receive", 64, "text", false, "graphql");
  const incoming = traffic("receive", 64, "text", false, "socket.io");
  const outgoing = traffic("send", 64, "text", false, "socket.io");
  const io = { subjects: ["ws", "tungstenite", "socket.io-client"] } as const;
  return [
    {
      id: "receive-graphql-64b",
      title: "receive 64 B as GraphQL results",
      task: { kind: "receive", ...graphql },
      subjects: ["ws", "tungstenite", "graphql-ws"],
    },
    {
      id: "receive-socket.io-64b",
      title: "receive 64 B as Socket.IO events",
      task: { kind: "receive", ...incoming },
      ...io,
    },
    {
      id: "send-socket.io-64b",
      title: "send 64 B as Socket.IO events",
      task: { kind: "send", ...outgoing },
      ...io,
    },
    {
      id: "echo-socket.io-64b",
      title: "round trip of 64 B as a Socket.IO event",
      task: { kind: "echo", ...round, dialect: "socket.io" },
      ...io,
    },
  ];
}

/** From few to many: clients, and messages. */
function scaling(): Work[] {
  const pair: readonly Subject[] = ["ws", "tungstenite"];
  const short = traffic("receive", 64, "text", false);
  return [
    ...[1_000, 10_000].map((clients): Work => ({
      id: `crowd-${clients}`,
      title: `receive 64 B text with ${clients.toLocaleString("en")} clients`,
      task: { kind: "crowd", clients, ...short, messages: 320_000, warmUp: 80_000 },
      subjects: pair,
    })),
    ...[100_000, 1_000_000].map((messages): Work => ({
      id: `receive-${messages}`,
      title: `receive ${messages.toLocaleString("en")} messages of 64 B text`,
      task: { kind: "receive", ...short, messages, warmUp: 100_000 },
      subjects: pair,
    })),
  ];
}

function idling(): Work[] {
  const subjects: readonly Subject[] = ["ws", "tungstenite", "platform", ...wrappers];
  return [
    ...[1_000, 10_000].map((clients): Work => ({
      id: `idle-${clients}`,
      title: `${clients.toLocaleString("en")} idle clients`,
      task: { kind: "idle", clients, heartbeat: 0, window: 0, settling: 500 },
      subjects,
    })),
    ...[1_000, 10_000].map((clients): Work => ({
      id: `heartbeat-${clients}`,
      title: `${clients.toLocaleString("en")} idle clients with heartbeats`,
      task: { kind: "idle", clients, heartbeat: 5_000, window: 15_000, settling: 500 },
      subjects: ["ws", "tungstenite"],
    })),
  ];
}

function comingBack(): Work[] {
  return [
    {
      id: "outage",
      title: "back after an outage",
      task: { kind: "outage", outages: 15, down: 50, delay: 100 },
      subjects: ["ws", "tungstenite", "tungstenite-handshakes", ...wrappers],
    },
    {
      id: "drain",
      title: "100,000 queued messages of 64 B text after an outage",
      task: { kind: "drain", size: 64, messages: 100_000, down: 50, delay: 500 },
      subjects: ["ws", "tungstenite", ...wrappers],
    },
    {
      id: "import",
      title: "import",
      task: { kind: "import" },
      subjects: ["ws", "tungstenite", ...wrappers, "graphql-ws", "socket.io-client"],
    },
  ];
}

function allocating(): Work[] {
  return (["receive", "send"] as const).flatMap((direction) =>
    (["text", "binary"] as const).map((data) => ({
      id: `allocate-${direction}-${data}-64b`,
      title: `bytes allocated to ${direction} 64 B ${data}`,
      task: {
        kind: "allocate",
        direction,
        ...traffic(direction, 64, data, false),
        messages: 300_000,
        warmUp: 100_000,
      },
      subjects: ["ws", "tungstenite", "tungstenite-extensions"],
    })),
  );
}

/** Against the bare `WebSocket` of a browser, in which everything takes longer. */
function browsing(): Work[] {
  const own = { subjects: ["platform", "tungstenite"], place: "chromium" } as const;
  const less = ({ messages, ...rest }: Traffic): Traffic => {
    const fewer = Math.ceil(messages / 4);
    return { ...rest, messages: fewer, warmUp: Math.ceil(fewer / 3) };
  };
  const pairs = (["receive", "send"] as const).flatMap((kind) =>
    (["text", "binary"] as const).flatMap((data) =>
      ([64, 16_384] as const).map((size): Work => ({
        id: `chromium-${kind}-${data}-${sizeId(size)}`,
        title: `${kind} ${sizeName(size)} ${data} in Chromium`,
        task: { kind, ...less(traffic(kind, size, data, false)) },
        ...own,
      })),
    ),
  );
  const echo: Work = {
    id: "chromium-echo-text-64b",
    title: "round trip of 64 B text in Chromium",
    task: { kind: "echo", ...less(round) },
    ...own,
  };
  return [...pairs, echo];
}

/** All works, in the order in which they are done. */
export const works: readonly Work[] = [
  ...matrix(),
  ...echoes(),
  ...dialects(),
  ...scaling(),
  ...idling(),
  ...comingBack(),
  ...allocating(),
  ...browsing(),
];
