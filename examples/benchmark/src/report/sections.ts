import type { Profile } from "../profile/profiles.ts";
import type { Subject } from "../task.ts";
import { works, type Work } from "../work-list.ts";
import { profileTable } from "./profile-table.ts";
import { metricTable, ratioTable, type ResultsById } from "./tables.ts";

/** A part of the page; one without a body is left out. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly body: string;
}

/** What stands on the page beside figures. */
export interface Beside {
  readonly profiles: readonly Profile[];
  /** Markdown, written by hand. */
  readonly reading: string;
}

/** The figures, a section for each kind of work. */
export function resultSections(
  found: ResultsById,
  { profiles, reading }: Beside = { profiles: [], reading: "" },
): readonly Section[] {
  const group = (pattern: RegExp): readonly Work[] => works.filter(({ id }) => pattern.test(id));
  const ratios = (pattern: RegExp, metric: string, isShown?: (who: Subject) => boolean): string =>
    ratioTable(group(pattern), metric, found, isShown);
  // Compression has a table of its own, and so have the ways to use a client.
  const matrix = (kind: "receive" | "send"): string =>
    both(
      ratios(new RegExp(`^${kind}-(text|binary)-[^-]+$`), "rate", isClient),
      ratios(new RegExp(`^${kind}-(text|binary)-.*deflate$`), "rate", isClient),
    );
  const metrics = (pattern: RegExp, names: readonly string[]): string =>
    group(pattern)
      .map((work) => metricTable(work, names, found))
      .filter((text) => text !== "")
      .join("\n");
  const both = (...tables: readonly string[]): string =>
    tables.filter((text) => text !== "").join("\n");
  const time = (work: string): string => profileTable(work, profiles, found);
  const section = (title: string, text: string, body: string): Section => ({ title, text, body });
  return [
    section("Receiving", receiveText, matrix("receive")),
    section("Ways to receive", waysText, ratios(/^receive-text-64b$/, "rate", isWay)),
    section("What bounds the reading side", reading.trim(), time("receive-text-64b")),
    section("Sending", sendText, matrix("send")),
    section("CPU time of sending", sendCpuText, ratios(/^send-text-[^-]+$/, "cpu", isClient)),
    section("Where the time of sending goes", sendTimeText, time("send-text-64b")),
    section("Round trips", echoText, metrics(/^echo-text/, ["p50", "p99", "p999"])),
    section(
      "Protocols of their own",
      dialectText,
      both(
        ratios(/^(receive|send)-(graphql|socket)/, "rate"),
        metrics(/^echo-socket/, ["p50", "p99", "p999"]),
      ),
    ),
    section("Idle clients", idleText, metrics(/^idle-/, ["heap", "rss", "resident"])),
    section("Heartbeats", heartbeatText, metrics(/^heartbeat-/, ["cpu", "heap", "rss"])),
    section("Outages", outageText, metrics(/^outage/, ["late", "latest"])),
    section("A queue after an outage", drainText, metrics(/^drain/, ["queued", "drained"])),
    section("Many clients, many messages", manyText, ratios(/^(crowd|receive-1)/, "rate")),
    section(
      "Chromium",
      chromiumText,
      both(ratios(/^chromium-(receive|send)/, "rate"), metrics(/^chromium-echo/, ["p50", "p99"])),
    ),
    section("Import", importText, metrics(/^import/, ["import"])),
    section("Allocation", allocationText, metrics(/^allocate/, ["own", "all"])),
  ];
}

/** One way to use a client among others. */
function isWay(who: Subject): boolean {
  return /^(ws($|-events)|tungstenite)/.test(who);
}

function isClient(who: Subject): boolean {
  return who === "ws" || who === "tungstenite" || !isWay(who);
}

const waysText = `Messages of 64 B text: by a listener, with three extensions, with a hook that answers with a promise, and by \`for await\`, which
stops the server while the loop is busy. Around \`ws\` Node's \`events.on\` makes a \`for await\` that stops nobody.`;

const manyText = `With many clients in one process, each gets 32 messages at a time. How a ratio changes from few to many says how this client
scales beside bare \`ws\`.`;

const sendTimeText = `By Node's sampling profiler: the time that each file takes of the time of one message, without what it calls. What
stands without a file is the engine's or the system's.`;

const receiveText = `The server streams frames that it has encoded beforehand. Text reaches the application as a string, from bare \`ws\` by
\`data.toString()\`. The wrappers of the browser's interface get binary messages from \`ws\` as an \`ArrayBuffer\`, which is a copy.
"Bare socket" counts bytes without looking at them, in the buffers that Node makes for each read: that is how fast the server
is for small messages. From 16 KiB on those buffers and the copies of the loopback set the pace; this client has all its sockets
read into one buffer, which is why it can be faster than the bare socket there.`;

const sendText = `Bursts of at most 100 messages and 256 KiB, each in one turn of the event loop, until the server has counted the last one.
"Bare socket" writes frames that were encoded beforehand: that is how fast the server counts. With compression Node's
\`WebSocket\` sends uncompressed messages, and \`ws\` does below 1 KiB.`;

const sendCpuText = `User and system time of the client's process, per message.`;

const echoText = `One message at a time: sent, echoed, received, and then the next. Targets compare the rounds in pairs, which these medians over
all rounds do not.`;

const dialectText = `graphql-ws and socket.io-client speak protocols of their own, so they are compared with clients that encode and decode the
same frames by hand (\`JSON.parse\`, \`JSON.stringify\`). A GraphQL subscription has no messages to send.`;

const idleText = `Clients that are connected and do nothing: what each adds to the memory of the process, and what the process holds in all,
beside 500 others that warm the engine up: dialling for the first time costs a process some hundred kilobytes more, for
code that is compiled and optimized. What is resident beyond the heap is, for the most part, V8's young generation: it
doubles whenever what survived in it since the last time exceeds what it holds, every live byte of a client counts there
twice, and V8 gives nothing of it back in a minute of idling.`;

const heartbeatText = `A sign of life every 5 seconds: pings by a hand-written loop around \`ws\`, and the heartbeat plugin, which asks only after
silence. CPU time per client and second.`;

const outageText = `The server drops the connection, does not listen for 50 ms, and the clients come back after 100 ms. \`ws\` has a hand-written
loop; "token and subscription" counts both confirmations.`;

const drainText = `100,000 messages are sent while the server is away; from the end of the chosen delay until the server has counted the last.
Around \`ws\` the queue is an array without bounds.`;

const chromiumText = `Client and page in the browser, beside its bare \`WebSocket\`, with \`transport-browser\`. Its clock is coarse, so short round
trips are, too.`;

const importText = `In a process that has imported nothing else. Ours includes \`ws\`; the wrappers bring no socket.`;

const allocationText = `By Node's sampling heap profiler, with the objects that were collected meanwhile, and with inlining off so that each
allocation counts for the file that asks for it. "All" includes the strings and bytes of the messages themselves. What our files
allocate for a binary message is the \`Uint8Array\` that the application gets; \`ws\` asks for its \`Buffer\` in a file of its own.
The target leaves out as much as the same process needs for a \`Uint8Array\` on memory that is there already.`;
