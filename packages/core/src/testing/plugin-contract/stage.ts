import type { WebSocketClient } from "../../client.ts";
import { createClient } from "../../create-client.ts";
import { PluginError } from "../../errors.ts";
import type { ClientEvents } from "../../events.ts";
import type { Message } from "../../message.ts";
import type { Plugin } from "../../plugin.ts";
import { check, same } from "../contract/assert.ts";
import { eventNames } from "../event-names.ts";
import { manualClock } from "../manual-clock.ts";
import type { MemoryDial } from "../memory-dial.ts";
import type { MemoryPeer } from "../memory-peer.ts";
import { memoryServer } from "../memory-server.ts";
import type { MemoryServer } from "../memory-server.ts";
import { memoryTransport } from "../memory-transport.ts";
import type { ManualClock } from "../manual-clock.ts";
import type { PluginCapabilities, PluginHarness } from "./harness.ts";

/** A rule of the contract, tried on a stage of its own. */
export interface PluginCase {
  readonly name: string;
  /** Skipped where one of these is missing. */
  readonly needs?: readonly (keyof PluginCapabilities)[];
  readonly run: (stage: PluginStage) => Promise<void>;
}

/** Long enough for every deadline that a plugin may reasonably have, in milliseconds. */
export const longTime = 600_000;

/** A client with the plugin, a server that serves it, and a clock moved by hand. */
export class PluginStage {
  readonly harness: PluginHarness;
  readonly plugin: Plugin;
  readonly clock: ManualClock = manualClock({ now: 1_000_000 });
  readonly server: MemoryServer = memoryServer();
  /** Everything told so far, by event. */
  readonly told: readonly (readonly [keyof ClientEvents, unknown])[];
  readonly client: WebSocketClient;
  /** How many listeners the clients have now, of whomever. */
  listeners = 0;
  /** What the server does with a message that arrives; the plugin's conversation, unless set. */
  serve: PluginHarness["serve"];
  /** Whether the server takes part in the plugin's conversation. */
  isServing = true;
  readonly #told: (readonly [keyof ClientEvents, unknown])[] = [];
  #onArrival: ((peer: MemoryPeer) => void) | undefined;

  constructor(harness: PluginHarness, plugin: Plugin = harness.plugin()) {
    this.harness = harness;
    this.serve = harness.serve;
    this.plugin = plugin;
    check(!plugin.connect, `'${plugin.name}' is a transport: transportContract is for those`);
    this.told = this.#told;
    this.client = this.clientOf(plugin);
    this.server.onDial((dial) => this.accept(dial));
    this.server.onMessage((message, peer) => {
      this.#onArrival?.(peer);
      if (this.isServing && peer.isOpen) this.serve?.(message, peer);
    });
  }

  get errors(): readonly Error[] {
    return this.#told.flatMap(([event, payload]) =>
      event === "error" || event === "fatal" ? [(payload as { readonly error: Error }).error] : [],
    );
  }

  get messages(): readonly Message[] {
    return this.#told.flatMap(([event, payload]) =>
      event === "message" ? [payload as Message] : [],
    );
  }

  /** Another client on the same server and clock. */
  clientOf(...plugins: readonly Plugin[]): WebSocketClient {
    const client = createClient({
      url: this.server.url,
      plugins: [memoryTransport(this.server), ...plugins],
      clock: this.clock,
      random: () => 0.5,
    });
    this.#count(client);
    for (const event of eventNames) {
      client.on(event, (payload) => this.#told.push([event, payload]));
    }
    return client;
  }

  /** Sees to it that `listeners` is right. */
  #count(client: WebSocketClient): void {
    const on = client.on.bind(client);
    const counted: WebSocketClient["on"] = (event, listener) => {
      const leave = on(event, listener);
      this.listeners++;
      let isThere = true;
      return () => {
        if (isThere) this.listeners--;
        isThere = false;
        leave();
      };
    };
    Object.defineProperty(client, "on", { value: counted });
  }

  accept(dial: MemoryDial): void {
    const peer = dial.accept();
    if (this.isServing) this.harness.greet?.(peer);
  }

  /** Drops the connection at the n-th message from now on; 0 does it before the first. */
  dropAt(count: number): void {
    let arrived = 0;
    if (count === 0) this.server.script((dial) => dial.accept().drop());
    else {
      this.#onArrival = (peer) => {
        if (++arrived === count) peer.drop();
      };
    }
  }

  /** Connects, however many attempts that takes, and returns the server's end. */
  connected(client: WebSocketClient = this.client): Promise<MemoryPeer> {
    // What it gives up with is in `errors`, and the state tells below.
    client.connect().catch(() => {});
    return this.reconnected(client);
  }

  /** Waits until the client is connected, by itself, and returns the server's end. */
  async reconnected(client: WebSocketClient = this.client): Promise<MemoryPeer> {
    await this.until(
      () => `the client to be connected; it told ${this.errors.join(", ") || "no error"}`,
      () => client.isConnected,
    );
    await this.clock.settle();
    return this.server.peer;
  }

  /** Moves the clock, from timer to timer, until something is so; fails when a long time was not enough. */
  async until(sentence: () => string, condition: () => boolean): Promise<void> {
    const end = this.clock.now() + longTime;
    await this.clock.settle();
    while (!condition() && this.clock.now() < end && this.clock.next !== null) {
      await this.clock.advanceTo(Math.min(end, this.clock.next));
    }
    check(condition(), `Waited for ${sentence()}; the client is ${this.client.state.status}`);
  }

  /** Closes, and finds what was left behind. */
  async finish(client: WebSocketClient = this.client): Promise<void> {
    const closing = client.close();
    await this.until(
      () => "the client to be closed",
      () => client.state.status === "closed",
    );
    await closing;
    await this.clock.settle();
    same(this.clock.pending, 0, "timers left after close()");
    same(this.server.live, 0, "sockets left after close()");
    check(this.server.maxLive <= 1, "There were two sockets at a time");
    const fault = this.errors.find((error) => error instanceof PluginError && threw(error));
    check(!fault, `A hook threw: ${String(fault)}`);
  }

  /** After a case that failed: leaves nothing behind. */
  abandon(): void {
    void this.client.close();
  }
}

/** The others are what a plugin says on purpose. */
const threw = ({ hook }: PluginError): boolean => hook !== "fail" && hook !== "report";
