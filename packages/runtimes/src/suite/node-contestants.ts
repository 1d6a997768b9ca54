import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { Contestant } from "./suite.ts";

/** `nodeTransport`, where there are Node's own modules. */
export const nodeContestants: readonly Contestant[] = [
  {
    name: "nodeTransport",
    transport: nodeTransport,
    capabilities: {},
    canHeaders: true,
  },
  {
    name: "nodeTransport with compression",
    transport: (options) => nodeTransport({ ...options, perMessageDeflate: { threshold: 0 } }),
    capabilities: {},
    canHeaders: true,
  },
];
