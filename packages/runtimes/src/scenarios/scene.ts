import {
  createClient,
  type ClientOptions,
  type Plugin,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import type { RuntimeServer } from "../control/commands.ts";
import type { Control } from "../control/connect-control.ts";
import type { Contestant, TransportOptions } from "../suite/suite.ts";

/** Something that the client must do on every transport in every runtime. */
export interface Scenario {
  /** A sentence. */
  readonly name: string;
  readonly run: (scene: Scene) => Promise<void>;
}

/** What a scenario works with. */
export interface Scene {
  readonly server: RuntimeServer;
  readonly contestant: Contestant;
  /** A client of the server that retries soon. Whatever state it is in, it is closed after the scenario. */
  readonly client: (options?: SceneOptions) => WebSocketClient;
}

/** What differs from a client with a transport and nothing else. */
export interface SceneOptions extends Partial<Omit<ClientOptions, "plugins">> {
  readonly plugins?: readonly Plugin[];
  readonly transport?: TransportOptions;
  /** @defaultValue every 20 ms, for ever */
  readonly retry?: ReturnType<typeof fixedDelay>;
}

/** Plays a scenario on a server of its own. */
export async function play(
  scenario: Scenario,
  contestant: Contestant,
  control: Control,
): Promise<void> {
  const server = await control.server();
  const clients: WebSocketClient[] = [];
  try {
    await scenario.run({
      server,
      contestant,
      client({ plugins = [], transport, retry = fixedDelay(20), ...options } = {}) {
        const client = createClient({
          url: server.url,
          plugins: [contestant.transport(transport), retry, ...plugins],
          ...options,
        });
        clients.push(client);
        return client;
      },
    });
  } finally {
    await Promise.all(clients.map((client) => client.close({ timeout: 1_000 })));
    await server.close();
  }
}
