import type { Counted, Data, Dialect, Subject, Task, Traffic } from "./task.ts";

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

/** Messages, by size, between two looks at the clock: some milliseconds of the fastest client. */
const steps: Readonly<Record<"receive" | "send", readonly number[]>> = {
  receive: [20_000, 20_000, 10_000, 1_000, 16],
  send: [5_000, 5_000, 3_000, 500, 8],
};

/** With compression it is zlib that is measured. */
const stepsDeflated: readonly number[] = [500, 500, 300, 100, 2];

function traffic(
  size: (typeof sizes)[number],
  data: Data,
  deflate = false,
  dialect: Dialect = "plain",
): Traffic {
  return { size, data, dialect, deflate };
}

/** What is measured as a rate: long enough for ten laps, after what it takes the engine to settle. */
function flow(kind: "receive" | "send", what: Traffic, slower: number = 1): Task {
  const table = what.deflate ? stepsDeflated : steps[kind];
  const step = Math.ceil(table[sizes.findIndex((size) => size === what.size)]! / slower);
  return { kind, ...what, extent: { warmUp: 300, span: 600, step } };
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
            task: flow(direction, traffic(size, data, deflate)),
            subjects: [...sockets, ...(others[id] ?? []), ...(deflate ? [] : (["raw"] as const))],
          });
        }
  return works;
}

const trips: Counted = { warmUp: 4_000, messages: 20_000 };

function echoes(): Work[] {
  return ([64, 1_024, 16_384] as const).map((size) => ({
    id: `echo-text-${sizeId(size)}`,
    title: `round trip of ${sizeName(size)} text`,
    task: { kind: "echo", ...traffic(size, "text"), ...trips },
    subjects: sockets,
  }));
}

/** Peers with a protocol of their own, against others that encode and decode it by hand. */
function dialects(): Work[] {
  const graphql = traffic(64, "text", false, "graphql");
  const events = traffic(64, "text", false, "socket.io");
  const io = { subjects: ["ws", "tungstenite", "socket.io-client"] } as const;
  return [
    {
      id: "receive-graphql-64b",
      title: "receive 64 B as GraphQL results",
      task: flow("receive", graphql),
      subjects: ["ws", "tungstenite", "graphql-ws"],
    },
    {
      id: "receive-socket.io-64b",
      title: "receive 64 B as Socket.IO events",
      task: flow("receive", events),
      ...io,
    },
    {
      id: "send-socket.io-64b",
      title: "send 64 B as Socket.IO events",
      task: flow("send", events),
      ...io,
    },
    {
      id: "echo-socket.io-64b",
      title: "round trip of 64 B as a Socket.IO event",
      task: { kind: "echo", ...events, ...trips },
      ...io,
    },
  ];
}

/** From few to many: clients, and messages. */
function scaling(): Work[] {
  const pair: readonly Subject[] = ["ws", "tungstenite"];
  const short = traffic(64, "text");
  return [
    ...[1_000, 10_000].map((clients): Work => ({
      id: `crowd-${clients}`,
      title: `receive 64 B text with ${clients.toLocaleString("en")} clients`,
      task: { kind: "crowd", clients, ...short, messages: 1_600_000, warmUp: 400_000 },
      subjects: pair,
    })),
    ...[100_000, 1_000_000].map((messages): Work => ({
      id: `receive-${messages}`,
      title: `receive ${messages.toLocaleString("en")} messages of 64 B text`,
      task: { kind: "receive", ...short, extent: { warmUp: 400_000, messages } },
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
      task: { kind: "idle", clients, heartbeat: 5_000, window: 10_000, settling: 500 },
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
        ...traffic(64, data),
        extent: { warmUp: 100_000, messages: 300_000 },
      },
      subjects: ["ws", "tungstenite", "tungstenite-extensions"],
    })),
  );
}

/** Against the bare `WebSocket` of a browser, in which everything takes longer. */
function browsing(): Work[] {
  const own = { subjects: ["platform", "tungstenite"], place: "chromium" } as const;
  const pairs = (["receive", "send"] as const).flatMap((kind) =>
    (["text", "binary"] as const).flatMap((data) =>
      ([64, 16_384] as const).map((size): Work => ({
        id: `chromium-${kind}-${data}-${sizeId(size)}`,
        title: `${kind} ${sizeName(size)} ${data} in Chromium`,
        task: flow(kind, traffic(size, data), 20),
        ...own,
      })),
    ),
  );
  const echo: Work = {
    id: "chromium-echo-text-64b",
    title: "round trip of 64 B text in Chromium",
    task: { kind: "echo", ...traffic(64, "text"), warmUp: 1_000, messages: 5_000 },
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
