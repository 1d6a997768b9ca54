import type { WebSocketClient } from "./client.ts";
import type { Link } from "./link.ts";
import type { MessageContext } from "./plugin.ts";

/** What waterfall hooks learn about the messages of one connection; one object for all of one origin. */
export class LinkContext implements MessageContext {
  readonly origin: "application" | "plugin";
  readonly #link: Link;

  constructor(link: Link, origin: "application" | "plugin") {
    this.#link = link;
    this.origin = origin;
  }

  get client(): WebSocketClient {
    return this.#link.host.client;
  }
  get connectionId(): number {
    return this.#link.id;
  }
  get metadata(): Map<string, unknown> {
    return this.#link.metadata;
  }
  get isAlive(): boolean {
    return this.#link.alive;
  }
}
