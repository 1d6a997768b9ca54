import { ForksPoolWorker, type PoolRunnerInitializer } from "vitest/node";

/** A worker process that another Node executes. */
class NodePoolWorker extends ForksPoolWorker {
  readonly #executable: string;

  constructor(executable: string, ...options: ConstructorParameters<typeof ForksPoolWorker>) {
    super(...options);
    this.#executable = executable;
  }

  override async start(): Promise<void> {
    // The base class forks before it first awaits, and a fork takes its executable from here; there is no option.
    const own = process.execPath;
    process.execPath = this.#executable;
    try {
      const started = super.start();
      process.execPath = own;
      await started;
    } finally {
      process.execPath = own;
    }
  }
}

/**
 * A pool for vitest's `pool` option whose test files run in another Node than vitest itself, which is how the tests
 * run on versions that vitest no longer supports.
 *
 * @param executable - path of the `node` binary
 */
export function nodePool(executable: string): PoolRunnerInitializer {
  return {
    name: "node-under-test",
    createPoolWorker: (options) => new NodePoolWorker(executable, options),
  };
}
