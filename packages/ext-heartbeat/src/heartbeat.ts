import { ConfigurationError } from "@stream-tungstenite/core";
import type { Extension, PluginContext, StateChange } from "@stream-tungstenite/core";
import { settingsOf } from "./options.ts";
import type { HeartbeatOptions, Settings } from "./options.ts";
import { RoundTrip } from "./round-trip.ts";
import { Watch } from "./watch.ts";

/** A heartbeat and what it has measured. Serves one client at a time. */
export interface Heartbeat extends Extension {
  /**
   * Round trip in milliseconds, smoothed as in RFC 6298 §2; null before the first answer.
   *
   * Each connection measures anew. After its end the last value stays until there is another connection.
   */
  readonly rtt: number | null;
  /** Jitter: the mean deviation of the round trip in milliseconds (RTTVAR in RFC 6298 §2), like `rtt`. */
  readonly rttVariation: number | null;
}

/**
 * Finds connections that are dead though they look open. When nothing was received for `interval` it asks
 * the server for a sign of life: by a ping frame (RFC 6455 §5.5.2) where the transport can, otherwise by
 * `message`. Any frame is one. If none comes within `timeout` the connection is lost with an
 * `IdleTimeoutError`, and the client comes back as after any loss.
 *
 * While receiving is paused by a slow reader its deadlines rest. A timer that fires late, after a sleep or
 * in a hidden tab, asks again before it judges.
 *
 * @throws ConfigurationError listing every option that cannot work
 */
export function heartbeat(options: HeartbeatOptions = {}): Heartbeat {
  return new ClientHeartbeat(settingsOf(options));
}

class ClientHeartbeat implements Heartbeat {
  readonly name: string;
  readonly #settings: Settings;
  #context: PluginContext | undefined;
  #watch: Watch | undefined;
  #trip = new RoundTrip();
  #hasComplained = false;

  constructor(settings: Settings) {
    this.name = settings.name;
    this.#settings = settings;
  }

  get rtt(): number | null {
    return this.#trip.smoothed;
  }

  get rttVariation(): number | null {
    return this.#trip.variation;
  }

  setup(context: PluginContext): () => void {
    this.#context = context;
    this.#hasComplained = false;
    this.#begin();
    return () => {
      this.#context = undefined;
      this.#end();
    };
  }

  onStateChange({ to }: StateChange): void {
    this.#end();
    if (to.status === "connected") this.#begin();
  }

  onProbe(): void {
    this.#watch?.probe();
  }

  #begin(): void {
    const context = this.#context;
    // The news of a connection may come when it is over already.
    if (!context?.client.isConnected) return;
    this.#end();
    this.#trip = new RoundTrip();
    if (context.canPing || this.#settings.message !== undefined) {
      this.#watch = new Watch(context, this.#settings, this.#trip);
    } else if (!this.#hasComplained) {
      this.#hasComplained = true;
      context.report(
        new ConfigurationError([
          "message: the transport cannot send pings, so a message is needed",
        ]),
      );
    }
  }

  #end(): void {
    this.#watch?.stop();
    this.#watch = undefined;
  }
}
