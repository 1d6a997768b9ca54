import { systemClock } from "@stream-tungstenite/core";
import { Crowd } from "./crowd.ts";
import { heapInUse } from "./heap.ts";
import { RestartingServer } from "./restarting-server.ts";

/** How hard the trial is. */
export interface Load {
  readonly clients: number;
  readonly restarts: number;
  /** Milliseconds from one restart to the next. */
  readonly every: number;
}

/** What a trial showed. */
export interface Outcome {
  readonly clients: number;
  readonly restarts: number;
  /** Milliseconds from the first restart to the last client that was connected again. */
  readonly duration: number;
  /** Clients that were connected at the end. */
  readonly connected: number;
  /** Connections of all clients together. */
  readonly connections: number;
  /** Bytes in use after forced collections with all connected: before the first restart and after the last. */
  readonly heap: { readonly before: number; readonly after: number };
  /** Warnings of the process, of too many listeners for one. */
  readonly warnings: readonly string[];
  /** Why clients gave up, and how the server ended by itself. */
  readonly fatal: readonly string[];
}

/** Many clients on one server that goes down and up again and again. */
export async function trial({ clients, restarts, every }: Load): Promise<Outcome> {
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
  process.on("warning", onWarning);
  const server = new RestartingServer();
  await server.start();
  const crowd = new Crowd(server.url, clients);
  try {
    await crowd.allConnected();
    await crowd.echo("before");
    const before = await heapInUse();
    const begin = systemClock.now();
    for (let restart = 0; restart < restarts; restart++) {
      await server.stop(restart % 2 === 0 ? "SIGKILL" : "SIGTERM");
      await server.start();
      await new Promise<void>((resolve) => void systemClock.schedule(every, resolve));
    }
    await crowd.allConnected();
    const duration = systemClock.now() - begin;
    await crowd.echo("after");
    const after = await heapInUse();
    const { connected, connections } = crowd;
    const fatal = [...crowd.fatal.map(String), ...server.deaths];
    return {
      clients,
      restarts,
      duration,
      connected,
      connections,
      heap: { before, after },
      warnings,
      fatal,
    };
  } finally {
    await crowd.close();
    await server.stop("SIGKILL");
    process.off("warning", onWarning);
  }
}
