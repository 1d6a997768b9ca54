import { HandshakeError, NotConnectedError } from "@stream-tungstenite/core";
import type {
  ConnectionLostError,
  DisconnectCause,
  Handshake,
  HandshakeRejectedError,
  HandshakeSession,
  Message,
  PluginContext,
  Provided,
} from "@stream-tungstenite/core";
import { messageOf, resolve } from "./options.ts";
import type { AuthOptions, Resolved } from "./options.ts";
import { refusalOf } from "./refusal.ts";
import { tokenOf } from "./token.ts";

/** What {@link auth} makes: a plugin, and the handle to authenticate again. */
export interface Auth extends Handshake {
  /**
   * Authenticates again on the live connection, a token function being asked anew; false when refused.
   * The connection stays, whatever the answer.
   *
   * While there is no connection it waits for the next, whose handshake is the answer. Calls share one
   * refresh until its token is asked for; later ones follow it. A promise that is ignored never raises an
   * unhandled rejection.
   *
   * @throws TokenError when the token function fails
   * @throws HandshakeTimeoutError without an answer in time
   * @throws ConnectionLostError when the connection ends otherwise than by a refusal
   * @throws ClientClosedError
   * @throws NotConnectedError when no client with this plugin was ever connected
   */
  refresh(): Promise<boolean>;
}

/**
 * A handshake that authenticates with a token on every connection.
 *
 * A token function is asked on every connection. A refusal (a rejected reply, or a close with one of
 * `closeCodes`) is fatal; with a token function it is retried once, on a new connection and with a fresh
 * token. An authentication has succeeded, so that a later refusal may be retried again, when its
 * connection ended otherwise or lasted for 5,000 ms.
 *
 * @throws ConfigurationError that lists every fault
 */
export function auth(token: Provided<string>, options: AuthOptions = {}): Auth {
  return new TokenAuth(token, resolve(token, options));
}

/** Milliseconds after which a refusal speaks of a token that had been good. */
const settled = 5_000;

class TokenAuth implements Auth {
  readonly name: string;
  readonly handshakeTimeout: number | undefined;
  readonly freshCredentials: boolean;
  readonly #token: Provided<string>;
  readonly #options: Resolved;
  #context: PluginContext | null = null;
  /** When this connection's handshake was done; null when it was not. */
  #since: number | null = null;
  /** A refusal was answered with a fresh token, which has yet to succeed. */
  #hasTriedFresh = false;
  #refusal: HandshakeRejectedError | null = null;
  #handshakes = 0;
  /** The refresh under way, never rejecting. */
  #turn: Promise<void> = Promise.resolve();
  /** The refresh that has not asked for its token yet: it serves every caller. */
  #next: Promise<boolean> | null = null;

  constructor(token: Provided<string>, options: Resolved) {
    this.#token = token;
    this.#options = options;
    this.name = options.name;
    this.handshakeTimeout = options.timeout;
    this.freshCredentials = typeof token === "function";
  }

  setup(context: PluginContext): void {
    this.#context = context;
    this.#hasTriedFresh = false;
  }

  async handshake(session: HandshakeSession): Promise<void> {
    this.#handshakes++;
    this.#conclude(false);
    this.#refusal = await this.#authenticate(session);
    if (this.#refusal) throw this.#refusal;
    // A connection that was lost meanwhile has been judged already.
    if (!session.signal.aborted) this.#since = this.#context!.clock.now();
  }

  shouldReconnect(cause: DisconnectCause): boolean | void {
    const isRefused =
      cause === this.#refusal ||
      this.#options.closeCodes.includes((cause as ConnectionLostError).close?.code);
    this.#conclude(isRefused);
    if (!isRefused) return;
    if (this.freshCredentials && !this.#hasTriedFresh) return (this.#hasTriedFresh = true);
    // A close code that is worth a retry elsewhere was named as a refusal.
    if (cause.retryable) return false;
  }

  refresh(): Promise<boolean> {
    if (this.#next) return this.#next;
    const handshakes = this.#handshakes;
    const next = this.#turn.then(() => {
      if (!this.#context) throw new NotConnectedError(`'${this.name}' was never connected`);
      return this.#context.exchange(async (session) => {
        this.#next = null;
        // The connection that it waited for has authenticated already.
        return handshakes !== this.#handshakes || !(await this.#authenticate(session));
      });
    });
    const forget = (): void => {
      if (this.#next === next) this.#next = null;
    };
    // Handled, so that a caller may ignore its promise.
    this.#turn = next.then(forget, forget);
    return (this.#next = next);
  }

  /** Null when the server accepts. */
  async #authenticate(session: HandshakeSession): Promise<HandshakeRejectedError | null> {
    const { format, reply, closeCodes } = this.#options;
    const given = this.#token;
    const token = typeof given === "string" ? given : await tokenOf(given, session);
    let message: Message;
    try {
      message = messageOf(token, format);
    } catch (cause) {
      // Its message may quote the token, as that of JSON.parse does.
      const failed = `Handshake '${session.step}' failed: the format function threw`;
      throw new HandshakeError(failed, { cause });
    }
    session.send(message);
    return reply ? refusalOf(session, reply, closeCodes, token) : null;
  }

  /** Another fresh token may be tried once an authentication has succeeded. */
  #conclude(isRefused: boolean): void {
    const since = this.#since;
    this.#since = null;
    if (since !== null && (!isRefused || this.#context!.clock.now() - since >= settled)) {
      this.#hasTriedFresh = false;
    }
  }
}
