export type { Transition } from "./history.ts";
export { status } from "./status.ts";
export type { Status, StatusOptions, StatusSnapshot } from "./status.ts";
