import type { RuntimeServer } from "../control/commands.ts";
import type { Control } from "../control/connect-control.ts";
import type { Fact } from "../matrix/observation.ts";
import { events } from "./events.ts";
import { closing } from "./closing.ts";
import { opening } from "./opening.ts";
import { pressure } from "./pressure.ts";

/** Finds out one thing about the platform's own `WebSocket`, or its surroundings. */
export type Probe = (server: RuntimeServer) => Promise<Fact>;

const probes: Readonly<Record<string, Probe>> = { ...opening, ...closing, ...pressure, ...events };

/** Tries out what this runtime can do, whatever the transports make of it. */
export async function probePlatform(control: Control): Promise<Readonly<Record<string, Fact>>> {
  const facts: Record<string, Fact> = {};
  for (const [name, probe] of Object.entries(probes)) {
    const server = await control.server();
    try {
      facts[name] = await probe(server);
    } finally {
      await server.close();
    }
  }
  return facts;
}
