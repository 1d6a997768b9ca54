import { catalogue } from "./catalogue.ts";
import type { Fault, Place } from "./catalogue.ts";
import type { Result } from "./results.ts";

const introduction = `# Faults on real sockets

Every fault of this page is tried by the tests, with the Node transport on real sockets: on the loopback interface, and
for dropped packets between two network namespaces. The client is given numbered messages before, during and after the
fault. The server, a process of its own, keeps a journal of what it received that outlives it. At the end each message
that the client took must be accounted for:

- received, exactly once, in order on its connection; or
- reported by \`dropped\`, or by the rejection of its \`sendAsync\`, and never received; or
- handed to a connection that was then lost, which \`disconnected\` told, with nothing later on that connection received:
  its fate was unknown to the client, and it was not sent again.

No message vanished from the queue, none arrived twice, and none of the unknown ones went untold.

A connection that is lost while packets are dropped may still deliver when the network is back, then later than newer
messages of the next connection. That is what an unknown fate means; an order across connections needs numbers in your
own protocol.

The times are those of one run on a small shared machine with two processors, in milliseconds. They show magnitudes; no
test depends on them. The clients retried with full jitter from 100 ms up to 500 ms (\`{ initial: 100, max: 500 }\`) and,
where silence is all there is to notice, had \`heartbeat({ interval: 500, timeout: 500 })\` and a \`connectTimeout\` of 1 to
2 s: shorter than you would have them.

| column   | what it says                                                                                            |
| -------- | ------------------------------------------------------------------------------------------------------- |
| reported | events from the fault until the client was connected again                                              |
| noticed  | from the fault to the first of them                                                                     |
| again    | from the cure, or from the fault where it cures itself, until the client was connected again            |
| attempts | dials from the fault until then, with the one that the application asks for after the client has given up |
| lost     | what became of the messages that the client took                                                        |
`;

/** The page of all faults and how they went. Throws when a fault has no result. */
export function page(results: readonly Result[]): string {
  const parts = Object.entries(catalogue).map(([place, faults]) => {
    const rows = faults.map((fault) => row(find(results, place as Place, fault)));
    return `\n## ${place}\n\n${head}${rows.join("")}`;
  });
  return introduction + parts.join("");
}

const head = `| fault | reported | noticed | again | attempts | lost |\n| --- | --- | ---: | ---: | ---: | --- |\n`;

function find(results: readonly Result[], place: Place, fault: Fault): Result {
  const found = results.find((result) => result.place === place && result.fault === fault);
  if (!found) throw new Error(`No result of "${fault}" (${place}): run the tests of this folder`);
  return found;
}

function row({ fault, reported, noticed, back, attempts, lost }: Result): string {
  const events = reported.length > 0 ? reported.join("<br>") : "nothing: the connection held";
  const cells = [fault, events, noticed ?? "", back ?? "", attempts || "", lost];
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |\n`;
}
