import { closing } from "./contract/closing.ts";
import { control } from "./contract/control.ts";
import type { TransportHarness } from "./contract/harness.ts";
import { messages } from "./contract/messages.ts";
import { missing } from "./contract/missing.ts";
import { opening } from "./contract/opening.ts";
import { pressure } from "./contract/pressure.ts";
import { Stage, type Case } from "./contract/stage.ts";

/** One rule that every transport keeps. */
export interface TransportContractCase {
  /** A sentence. */
  readonly name: string;
  /** Why the case does not apply; then `run` does nothing. */
  readonly skip?: string;
  /**
   * Rejects when the rule is broken. It never sleeps and has no deadline of its own: a transport that
   * forgets a callback is caught by the test runner's.
   */
  readonly run: () => Promise<void>;
}

/**
 * The contract of `ConnectRequest`, `ConnectionListener` and `Connection` as cases for any test runner.
 * In every case all calls of the listener are checked: none before `connect` has returned, none inside a
 * method of the connection, `onOpen` at most once and first, `onClose` exactly once and last, nothing but
 * `onClose` after `terminate`.
 *
 * ```ts
 * for (const { name, skip, run } of transportContract(harness)) test.skipIf(skip)(name, run);
 * ```
 */
export function transportContract(harness: TransportHarness): readonly TransportContractCase[] {
  const cases = [opening, messages, closing, pressure, control].flat();
  return cases.map(({ name, needs, run }) => {
    const skip = missing("the transport", needs, harness.capabilities);
    return skip === undefined
      ? { name, run: () => play(harness, run) }
      : { name, skip, run: () => Promise.resolve() };
  });
}

async function play(harness: TransportHarness, run: Case["run"]): Promise<void> {
  const server = await harness.server();
  const stage = new Stage(server, harness.transport(), harness.capabilities ?? {});
  try {
    await run(stage);
    await stage.finish();
  } finally {
    stage.abandon();
    await server.close();
  }
}
