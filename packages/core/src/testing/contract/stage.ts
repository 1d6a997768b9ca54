import type { Transport } from "../../plugin.ts";
import type { ConnectRequest } from "../../transport.ts";
import { check, same } from "./assert.ts";
import type { ContractCapabilities, ContractPeer, ContractServer } from "./harness.ts";
import { Probe } from "./probe.ts";

/** A rule of the contract, tried on a stage of its own. */
export interface Case {
  readonly name: string;
  /** Skipped where one of these is missing. */
  readonly needs?: readonly (keyof ContractCapabilities)[];
  readonly run: (stage: Stage) => Promise<void>;
}

/** What a case works with: a server, a transport, and every dial made so far. */
export class Stage {
  readonly server: ContractServer;
  readonly capabilities: ContractCapabilities;
  readonly #transport: Transport;
  readonly #probes: Probe[] = [];

  constructor(server: ContractServer, transport: Transport, capabilities: ContractCapabilities) {
    this.server = server;
    this.#transport = transport;
    this.capabilities = capabilities;
  }

  dial(request: Partial<ConnectRequest> = {}): Probe {
    const probe = new Probe(this.#transport, {
      url: this.server.url,
      protocols: [],
      noDelay: true,
      highWaterMark: 1_048_576,
      attempt: 0,
      signal: new AbortController().signal,
      ...request,
    });
    this.#probes.push(probe);
    return probe;
  }

  async open(
    request?: Partial<ConnectRequest>,
  ): Promise<{ readonly probe: Probe; readonly peer: ContractPeer }> {
    const url = new URL(this.server.url);
    url.searchParams.set("dial", `${this.#probes.length}`);
    const probe = this.dial({ url: url.href, ...request });
    await probe.opened();
    for (;;) {
      const peer = await this.server.nextPeer();
      // A dial given up at once may have reached the server all the same.
      if (peer.path.endsWith(url.search)) return { probe, peer };
    }
  }

  /**
   * Opens, uses and closes another connection. What the transport or the network was about to do before
   * it has happened after it: this stands where a test would otherwise sleep.
   */
  async fence(): Promise<void> {
    const { probe, peer } = await this.open();
    await roundTrip(probe, peer);
    probe.close();
    await probe.end();
  }

  /** Every connection ends exactly once, nothing follows, and no rule was broken on the way. */
  async finish(): Promise<void> {
    for (const probe of this.#probes) {
      if (!probe.recorder.closed) probe.terminate();
      await probe.end();
    }
    await this.fence();
    const faults = this.#probes.flatMap((probe) => probe.recorder.faults);
    same(faults.join("; "), "", "rules broken");
  }

  /** After a case that failed: leaves no socket behind. */
  abandon(): void {
    for (const probe of this.#probes) {
      if (!probe.recorder.closed) probe.terminate();
    }
  }
}

/** A text there and back. Call it only where no other message is under way. */
export async function roundTrip(probe: Probe, peer: ContractPeer): Promise<void> {
  const count = probe.recorder.messages.length;
  probe.send("there");
  same(await peer.next(), "there", "what the server received");
  await peer.send("back");
  same(await probe.message(count), "back", "what the client received");
}

/** Waits for what follows from bytes already on their way, round trip by round trip. */
export async function eventually(
  sentence: string,
  condition: () => boolean,
  turn: () => Promise<void>,
): Promise<void> {
  for (let turns = 0; turns < 100 && !condition(); turns++) await turn();
  check(condition(), sentence);
}
