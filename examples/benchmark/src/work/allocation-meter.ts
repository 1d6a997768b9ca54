import { Session, type HeapProfiler } from "node:inspector";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";

/** Bytes between two samples, on average. */
const samplingInterval = 512;

/**
 * Counts allocated bytes, those of collected objects included, by the files whose functions ask for them:
 * `own` those of this client's packages, `all` everybody's.
 */
export class AllocationMeter implements Meter {
  readonly #session = new Session();

  // A session to its own thread answers before `post` returns: nothing is missed, nothing else is counted.
  constructor() {
    this.#session.connect();
    this.#session.post("HeapProfiler.startSampling", {
      samplingInterval,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    } as HeapProfiler.StartSamplingParameterType);
  }

  lap(): void {}

  end(messages: number): Sample {
    let files: ReadonlyMap<string, number> = new Map();
    this.#session.post("HeapProfiler.stopSampling", (_, { profile }) => {
      files = bytesByFile(profile.head);
    });
    this.#session.disconnect();
    let own = 0;
    let all = 0;
    for (const [url, bytes] of files) {
      all += bytes;
      if (isOwn(url)) own += bytes;
    }
    return { own: own / messages, all: all / messages };
  }
}

/** Of the packages that are measured. */
function isOwn(url: string): boolean {
  return /\/packages\/[a-z-]+\/(dist|src)\//.test(url);
}

/** Bytes that the functions of each file asked for. */
export function bytesByFile(head: HeapProfiler.SamplingHeapProfileNode): Map<string, number> {
  const bytes = new Map<string, number>();
  const visit = ({ callFrame, selfSize, children }: typeof head): void => {
    bytes.set(callFrame.url, (bytes.get(callFrame.url) ?? 0) + selfSize);
    for (const child of children) visit(child);
  };
  visit(head);
  return bytes;
}
