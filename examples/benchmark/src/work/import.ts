import { now } from "../clock.ts";
import type { Sample, Subject } from "../task.ts";

/** What an application imports; for this client the three packages that it cannot do without. */
const imports: { readonly [subject in Subject]?: () => Promise<unknown> } = {
  ws: () => import("ws"),
  "reconnecting-websocket": () => import("reconnecting-websocket"),
  partysocket: () => import("partysocket/ws"),
  "websocket-ts": () => import("websocket-ts"),
  "graphql-ws": () => import("graphql-ws"),
  "socket.io-client": () => import("socket.io-client"),
  tungstenite: () =>
    Promise.all([
      import("@stream-tungstenite/core"),
      import("@stream-tungstenite/retry"),
      import("@stream-tungstenite/transport-node"),
    ]),
};

/** Milliseconds to import a subject in a process that has imported nothing else. */
export async function importTime(subject: Subject): Promise<Sample> {
  const began = now();
  await imports[subject]?.();
  return { import: now() - began };
}
