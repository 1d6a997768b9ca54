import type { Message } from "../../message.ts";
import type { Plugin } from "../../plugin.ts";
import type { MemoryPeer } from "../memory-peer.ts";

/** What the contract kit needs to try an extension, a handshake, or a plugin that is both. */
export interface PluginHarness {
  /** A new plugin for each client, made as an application makes it. */
  plugin(): Plugin;
  /** The server's side of what the plugin says: told every message that arrives. @defaultValue silence */
  readonly serve?: ((message: Message, peer: MemoryPeer) => void) | undefined;
  /** What the server says first, on every connection. @defaultValue nothing */
  readonly greet?: ((peer: MemoryPeer) => void) | undefined;
  /** Texts that must appear in no event and no error: the token that the plugin was given. @defaultValue none */
  readonly secrets?: readonly string[] | undefined;
  /** What the plugin leaves alone. @defaultValue all of it */
  readonly capabilities?: PluginCapabilities | undefined;
}

/** Cases that need what is `false` here are skipped; each is `true` unless stated. */
export interface PluginCapabilities {
  /** The application's messages pass unchanged in both directions; `false` for a codec or a filter. */
  readonly passes?: boolean | undefined;
  /** Hooks for messages answer at once, never with a promise. */
  readonly synchronous?: boolean | undefined;
}
