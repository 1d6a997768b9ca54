import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { Contestant } from "./suite.ts";

const everything = {
  ping: true,
  pause: true,
  flush: true,
  drain: true,
  activity: true,
  errors: true,
};

/** `nodeTransport`, where there are Node's own modules. */
export const nodeContestants: readonly Contestant[] = [
  {
    name: "nodeTransport",
    transport: nodeTransport,
    capabilities: everything,
    canHeaders: true,
  },
  {
    name: "nodeTransport with compression",
    transport: (options) => nodeTransport({ ...options, perMessageDeflate: { threshold: 0 } }),
    capabilities: everything,
    canHeaders: true,
  },
];
