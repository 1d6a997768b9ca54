import type { Transport } from "@stream-tungstenite/core";
import { transportContract, type ContractCapabilities } from "@stream-tungstenite/core/testing";
import type { Control } from "../control/connect-control.ts";
import { play } from "../scenarios/scene.ts";
import { scenarios } from "../scenarios/scenarios.ts";

/** A transport that is put to the test in a runtime. */
export interface Contestant {
  readonly name: string;
  readonly transport: (options?: TransportOptions) => Transport;
  /** What it can do here; the contract's cases that need more do not apply. */
  readonly capabilities: Required<{ [K in keyof ContractCapabilities]: boolean }>;
  /** Whether the runtime lets it set headers of the opening handshake. */
  readonly canHeaders: boolean;
}

/** The options that scenarios give to transports. */
export interface TransportOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Cases that belong together. */
export interface Suite {
  readonly contestant: Contestant;
  readonly kind: "contract" | "scenarios";
  readonly cases: readonly Case[];
  /** How many cases do not apply to the transport, by the capabilities that it states. */
  readonly notApplicable: number;
}

/** One test, for any test runner; it has no deadline of its own. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** The contract and the client's scenarios for each contestant. */
export function suites(
  contestants: readonly Contestant[],
  control: () => Promise<Control>,
): readonly Suite[] {
  return contestants.flatMap((contestant) => [
    contract(contestant, control),
    {
      contestant,
      kind: "scenarios",
      cases: scenarios.map((scenario) => ({
        name: scenario.name,
        run: async () => play(scenario, contestant, await control()),
      })),
      notApplicable: 0,
    },
  ]);
}

function contract(contestant: Contestant, control: () => Promise<Control>): Suite {
  const { transport, capabilities } = contestant;
  const cases = transportContract({
    transport: () => transport(),
    server: async () => (await control()).server(),
    capabilities,
  });
  const applying = cases.filter(({ skip }) => skip === undefined);
  return {
    contestant,
    kind: "contract",
    cases: applying,
    notApplicable: cases.length - applying.length,
  };
}
