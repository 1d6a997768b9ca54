/** The part of a `.cpuprofile` that is read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A function, or a file, and its share of the time in which anything ran. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** What is measured as waiting, not as work. */
const idle = new Set(["(idle)", "(program)"]);

/** The file of a URL, from its package on; Node's own as Node names it. */
export function shortUrl(url: string): string {
  if (url.startsWith("node:")) return url;
  const inPackage = /\/(?:packages|node_modules)\/((?:(?!node_modules\/).)+)$/.exec(url)?.[1];
  return inPackage ?? url.split("/").slice(-2).join("/");
}

/** Where the time of some profiles went, without what functions called, the longest first. */
export interface SelfTimes {
  readonly functions: readonly Share[];
  /** What the engine and Node do in C++ stands by itself, since no file holds it. */
  readonly files: readonly Share[];
}

/** Of profiles of the same work, added up. */
export function selfTimes(profiles: readonly CpuProfile[]): SelfTimes {
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let total = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    samples.forEach((id, index) => {
      const { functionName, url, lineNumber } = frames.get(id)!;
      // The profiler's own start is no work either.
      if (idle.has(functionName) || url === "node:inspector") return;
      const time = timeDeltas[index] ?? 0;
      const native = functionName || "(native)";
      const file = url === "" ? native : shortUrl(url);
      const name = url === "" ? native : `${functionName || "()"} ${file}:${lineNumber + 1}`;
      total += time;
      functions.set(name, (functions.get(name) ?? 0) + time);
      files.set(file, (files.get(file) ?? 0) + time);
    });
  }
  const shares = (times: ReadonlyMap<string, number>): Share[] =>
    [...times]
      .map(([name, time]) => ({ name, share: time / total }))
      .toSorted((a, b) => b.share - a.share);
  return { functions: shares(functions), files: shares(files) };
}
