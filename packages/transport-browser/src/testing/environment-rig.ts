import type { ClientEvents, PluginList } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { rig, type Rig, type RigOptions } from "rig";
import { environment } from "../environment.ts";
import type { EnvironmentOptions } from "../environment-options.ts";

/** An `EventTarget` that knows how many listeners it has. */
export class Page extends EventTarget {
  listeners = 0;

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }

  tell(type: string, properties: { readonly persisted?: boolean } = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}

/** A client with an environment, on a server in memory, with clock, chance, network and page in hand. */
export interface EnvironmentRig extends Rig {
  readonly page: Page;
  /** What `isOnline` and `random` say, and how long the strategy waits. */
  readonly world: { isOnline: unknown; chance: number; delay: number };
  /** How often somebody doubted the connection. */
  readonly probes: () => number;
  /** When each dial began. */
  readonly dialedAt: readonly number[];
  readonly waits: readonly ClientEvents["reconnectScheduled"][];
  /** The server refuses, until told otherwise; the client lost its connection and waits. */
  readonly outage: () => Promise<void>;
}

export interface EnvironmentRigOptions
  extends EnvironmentOptions, Omit<RigOptions, "clock" | "random"> {
  /** Beside environment, transport and strategy. */
  readonly plugins?: PluginList;
  /** Instead of the environment that the other options describe. */
  readonly instead?: PluginList;
}

export function environmentRig(options: EnvironmentRigOptions = {}): EnvironmentRig {
  const page = new Page();
  const world = { isOnline: true as unknown, chance: 0.5, delay: 20_000 };
  const {
    events = page,
    isOnline = () => world.isOnline as boolean | null,
    offlineInterval,
    name,
    plugins = [],
    instead,
    ...rest
  } = options;
  let probes = 0;
  const made = rig(
    [
      { name: "every", nextDelay: () => world.delay },
      { name: "doubts", onProbe: () => void probes++ },
      instead ?? environment({ events, isOnline, offlineInterval, name }),
      plugins,
    ],
    {
      ...rest,
      clock: manualClock({ now: 1_700_000_000_000 }),
      random: () => world.chance,
    },
  );
  const { clock, server, client, connected } = made;
  const dialedAt: number[] = [];
  const waits: ClientEvents["reconnectScheduled"][] = [];
  client.on("connecting", () => dialedAt.push(clock.now()));
  client.on("reconnectScheduled", (wait) => waits.push(wait));
  return {
    ...made,
    page,
    world,
    probes: () => probes,
    dialedAt,
    waits,
    async outage() {
      await connected();
      server.onDial((dial) => dial.fail("tcp"));
      server.drop();
      await clock.settle();
    },
  };
}
