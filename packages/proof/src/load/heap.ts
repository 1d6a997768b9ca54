import { systemClock } from "@stream-tungstenite/core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: object) => void;

/** Milliseconds between two looks: time for what is under way to come to its end. */
const pause = 300;

/** Bytes of the heap that are in use after forced collections: the least of some looks, when little is under way. */
export async function heapInUse(): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < 6; look++) {
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
    // Finalisers, and what closes on a later turn, make room only afterwards.
    await new Promise<void>((resolve) => void systemClock.schedule(pause, resolve));
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least;
}
