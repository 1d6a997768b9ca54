import { now } from "../clock.ts";
import type { Sample, Subject } from "../task.ts";

/** What an application imports; for this client the three packages that it cannot do without. */
const modules: { readonly [subject in Subject]?: readonly string[] } = {
  ws: ["ws"],
  "reconnecting-websocket": ["reconnecting-websocket"],
  partysocket: ["partysocket/ws"],
  "websocket-ts": ["websocket-ts"],
  "graphql-ws": ["graphql-ws"],
  "socket.io-client": ["socket.io-client"],
  tungstenite: [
    "@stream-tungstenite/core",
    "@stream-tungstenite/retry",
    "@stream-tungstenite/transport-node",
  ],
};

/** Milliseconds to import a subject in a process that has imported nothing else. */
export async function importTime(subject: Subject): Promise<Sample> {
  const began = now();
  await Promise.all((modules[subject] ?? []).map((name) => import(name)));
  return { import: now() - began };
}
