export { eventNames } from "./event-names.ts";
export { manualClock } from "./manual-clock.ts";
export type { ManualClock, ManualClockOptions } from "./manual-clock.ts";
export { memoryServer } from "./memory-server.ts";
export type { DialStep, MemoryServer, MemoryServerOptions } from "./memory-server.ts";
export { memoryTransport } from "./memory-transport.ts";
export type { MemoryTransportOptions } from "./memory-transport.ts";
export type { AcceptOptions, FailOptions, MemoryDial, RefuseOptions } from "./memory-dial.ts";
export type { MemoryPeer } from "./memory-peer.ts";
export { seededRandom } from "@stream-tungstenite/retry";
export { memoryHarness } from "./memory-harness.ts";
export type { MemoryHarnessOptions } from "./memory-harness.ts";
export { transportContract } from "./transport-contract.ts";
export type { TransportContractCase } from "./transport-contract.ts";
export type {
  ContractAnswer,
  ContractCapabilities,
  ContractPeer,
  ContractServer,
  TransportHarness,
} from "./contract/harness.ts";
export { pluginContract } from "./plugin-contract.ts";
export type { PluginContractCase } from "./plugin-contract.ts";
export type { PluginCapabilities, PluginHarness } from "./plugin-contract/harness.ts";
