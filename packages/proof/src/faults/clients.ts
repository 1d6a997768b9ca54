import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import type { HeartbeatOptions } from "@stream-tungstenite/ext-heartbeat";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { NodeTransportOptions } from "@stream-tungstenite/transport-node";
import { onTestFinished } from "vitest";
import { quick } from "./quick.ts";
import type { ServerProcess } from "./server.ts";
import { subject } from "./subject.ts";
import type { SubjectOptions } from "./subject.ts";
import { Trial } from "./trial.ts";

/** What may differ between trials. */
export interface TrialOptions extends Partial<Omit<SubjectOptions, "plugins">> {
  readonly transport?: NodeTransportOptions;
  readonly heartbeat?: HeartbeatOptions;
}

/** A trial of a client in this process, which dials the server itself unless it is given another URL. */
export function begin(
  server: ServerProcess,
  { transport, heartbeat: beat, ...options }: TrialOptions = {},
): Promise<Trial> {
  return Trial.begin(server, (tell) => {
    const plugins = [nodeTransport(transport), exponentialBackoff(quick), beat && heartbeat(beat)];
    const made = subject({ url: server.url, ...options, plugins }, tell);
    onTestFinished(() => made.close());
    return made;
  });
}
