export { heartbeat } from "./heartbeat.ts";
export type { Heartbeat } from "./heartbeat.ts";
export type { HeartbeatOptions } from "./options.ts";
