import { systemClock } from "@stream-tungstenite/core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: object) => void;

/** Bytes of the heap that are in use after forced collections. */
export async function heapInUse(): Promise<number> {
  // V8 throws away the code of functions that were not called since some collections ago: that is no shrinking.
  for (let round = 0; round < 5; round++) {
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
    // Finalisers and what closes on the next turn make room only afterwards.
    await new Promise<void>((resolve) => void systemClock.schedule(0, resolve));
  }
  return process.memoryUsage().heapUsed;
}
