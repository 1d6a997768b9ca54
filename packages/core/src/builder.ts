import { exponentialBackoff, noRetry } from "@stream-tungstenite/retry";
import type {
  ExponentialBackoffOptions,
  RetryStrategy as AnyRetryStrategy,
} from "@stream-tungstenite/retry";
import type { WebSocketClient as Client } from "./client.ts";
import { createClient } from "./create-client.ts";
import { ConfigurationError } from "./errors.ts";
import type { ClientOptions } from "./options.ts";
import type { Handshake, PluginList, RetryStrategy, Transport } from "./plugin.ts";
import { describeValue } from "./rules.ts";

/** What the builder has gathered. */
interface Gathered {
  readonly options: Partial<ClientOptions>;
  readonly plugins: PluginList;
  readonly transport: Transport | null;
  readonly strategy: AnyRetryStrategy | RetryStrategy | null;
}

/**
 * A fluent way to the options of `createClient`. Immutable: every verb returns a new builder. The verbs of
 * roles (`connector`, `retryStrategy`, `exponentialBackoff`, `noRetry`) replace, `use` and `handshaker`
 * append. `build` does not compile while the lists certainly hold no transport.
 */
export class ClientBuilder<Ready extends boolean = false> {
  /** For the compiler only: whether there is, or may be, a transport. */
  declare readonly ready: Ready;
  readonly #url: ClientOptions["url"];
  readonly #gathered: Gathered;

  private constructor(url: ClientOptions["url"], gathered: Gathered) {
    this.#url = url;
    this.#gathered = gathered;
  }

  /** @internal */
  static start(url: ClientOptions["url"]): ClientBuilder {
    return new ClientBuilder(url, { options: {}, plugins: [], transport: null, strategy: null });
  }

  /** Appends plugins. */
  use<const P extends PluginList>(
    ...plugins: P
  ): ClientBuilder<Lacks<P> extends true ? Ready : true> {
    return this.#with({ plugins: [...this.#gathered.plugins, ...plugins] });
  }

  /** Sets options; later ones win. @throws ConfigurationError for what is no object; the rest `build` checks */
  config(options: Partial<Omit<ClientOptions, "url" | "plugins">>): ClientBuilder<Ready> {
    if (Object(options) !== options) {
      throw new ConfigurationError([`config: an object is needed, not ${describeValue(options)}`]);
    }
    return this.#with({ options: { ...this.#gathered.options, ...options } });
  }

  /** Sets the option of that name, in milliseconds. */
  receiveTimeout(duration: number): ClientBuilder<Ready> {
    return this.config({ receiveTimeout: duration });
  }

  /** Chooses the strategy. */
  retryStrategy(strategy: AnyRetryStrategy | RetryStrategy): ClientBuilder<Ready> {
    return this.#with({ strategy });
  }

  /** Chooses that strategy. @throws RangeError that lists every fault */
  exponentialBackoff(options?: ExponentialBackoffOptions): ClientBuilder<Ready> {
    return this.retryStrategy(exponentialBackoff(options));
  }

  /** Gives up at the first loss. */
  noRetry(): ClientBuilder<Ready> {
    return this.retryStrategy(noRetry());
  }

  /** Appends an application handshake. */
  handshaker(handshake: Handshake): ClientBuilder<Ready> {
    return this.#with({ plugins: [...this.#gathered.plugins, handshake] });
  }

  /** Chooses the transport. */
  connector(transport: Transport): ClientBuilder<true> {
    return this.#with({ transport });
  }

  /** @throws ConfigurationError that lists every fault */
  build(this: ClientBuilder<true>): Client {
    const { options, plugins, transport, strategy } = this.#gathered;
    return createClient({ ...options, url: this.#url, plugins: [transport, strategy, ...plugins] });
  }

  #with<R extends boolean>(change: Partial<Gathered>): ClientBuilder<R> {
    return new ClientBuilder<R>(this.#url, { ...this.#gathered, ...change });
  }
}

type Lacks<L> = L extends readonly [infer H, ...infer T]
  ? LacksOne<H> extends true
    ? Lacks<T>
    : false
  : L extends readonly []
    ? true
    : L extends readonly (infer E)[]
      ? LacksOne<E>
      : false;
type LacksOne<E> = true extends MayConnect<E> ? false : true;
// `PluginList` itself is recursive: whatever it holds, nobody can tell.
type MayConnect<E> = E extends readonly unknown[]
  ? PluginList extends E
    ? true
    : Lacks<E> extends true
      ? false
      : true
  : E extends object
    ? "connect" extends keyof E
      ? [Exclude<E["connect"], undefined>] extends [never]
        ? false
        : true
      : false
    : false;

/** A client that stays connected. */
export type WebSocketClient = Client;
/** Where the fluent builder begins. */
export const WebSocketClient: { builder(url: ClientOptions["url"]): ClientBuilder } = {
  builder: (url) => ClientBuilder.start(url),
};
