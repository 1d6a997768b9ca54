import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { quick } from "./quick.ts";
import { subject } from "./subject.ts";
import type { Subject } from "./subject.ts";

/** What the process is told to do. */
export type Command =
  | {
      readonly command: "create";
      readonly url: string;
      readonly connectTimeout: number;
      /** Milliseconds; `null` for no heartbeat. */
      readonly heartbeat: { readonly interval: number; readonly timeout: number } | null;
    }
  | { readonly command: "connect" | "close" }
  | {
      readonly command: "send";
      readonly number: number;
      readonly bytes: number;
      readonly wait: boolean;
    };

// A subject in a process of its own, which may be inside another network.

let client: Subject | undefined;

process.on("message", (command: Command) => {
  switch (command.command) {
    case "create": {
      const { url, connectTimeout } = command;
      const beat = command.heartbeat && heartbeat(command.heartbeat);
      const plugins = [nodeTransport(), exponentialBackoff(quick), beat];
      client = subject({ url, connectTimeout, plugins }, (told) => process.send?.(told));
      break;
    }
    case "connect":
      // What made it give up is told by `fatal`.
      client?.connect().catch(() => {});
      break;
    case "send":
      client?.send(command.number, command.bytes, command.wait);
      break;
    case "close":
      void client?.close().then(() => process.disconnect());
  }
});
// The test is gone.
process.on("disconnect", () => process.exit(0));
