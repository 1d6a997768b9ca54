export { faultsOf } from "./faults-of.ts";
export { rig } from "./rig.ts";
export type { Rig, RigOptions } from "./rig.ts";
export { watch } from "./watch.ts";
export type { Outcome } from "./watch.ts";
