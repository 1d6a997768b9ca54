import { Buffer } from "node:buffer";
import { randomFillSync } from "node:crypto";
import type { ClientOptions } from "ws";

/** Makes the mask of the next frame: four bytes, as a number in this machine's order. */
export type NextMask = () => number;

/** Made at once: asking for one at a time costs more than all else about a short frame. */
const stock = 2_048;
let masks: Int32Array | undefined;
let left = 0;

/** Nobody may predict them (RFC 6455 §5.3), or could choose what a proxy on the way sees (§10.3). */
function randomMask(): number {
  masks ??= new Int32Array(stock);
  if (left === 0) {
    randomFillSync(masks);
    left = stock;
  }
  return masks[--left] as number;
}

/** `generateMask`, an option of `ws`, writes into the four bytes it gets: always the same ones. */
export function nextMaskOf(options: Pick<ClientOptions, "generateMask">): NextMask {
  if (!options.generateMask) return randomMask;
  const mask = new Int32Array(1);
  const bytes = Buffer.from(mask.buffer);
  return () => {
    options.generateMask?.(bytes);
    return mask[0] as number;
  };
}
