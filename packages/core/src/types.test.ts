import type {
  ExponentialBackoffOptions,
  Random,
  RetryContext,
  RetryStrategy as AnyRetryStrategy,
} from "@stream-tungstenite/retry";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as core from "./index.ts";
import type * as Core from "./index.ts";

type Signal = { readonly signal?: AbortSignal | undefined };
type Closing = {
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  readonly timeout?: number | undefined;
};
type MaxAge = { readonly maxAge?: number | undefined };

describe("types", () => {
  test("of messages", () => {
    expectTypeOf<Core.Message>().toEqualTypeOf<string | Uint8Array>();
    expectTypeOf<Core.Sendable>().toEqualTypeOf<string | ArrayBuffer | ArrayBufferView>();
    expectTypeOf(core.DROP).toBeSymbol();
    expectTypeOf<Core.Received>().toEqualTypeOf<
      Core.Message | readonly Core.Message[] | typeof core.DROP | void
    >();
    expectTypeOf<Core.Outgoing>().toEqualTypeOf<Core.Message | typeof core.DROP | void>();
  });

  test("of the client's verbs", () => {
    type Client = Core.WebSocketClient;
    expectTypeOf(core.createClient).toEqualTypeOf<(options: Core.ClientOptions) => Client>();
    expectTypeOf<Client>().toExtend<AsyncDisposable>();
    expectTypeOf<Client["url"]>().toEqualTypeOf<string>();
    expectTypeOf<Client["state"]>().toEqualTypeOf<Core.ClientState>();
    expectTypeOf<Client["isConnected"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Client["bufferedAmount"]>().toEqualTypeOf<number>();
    expectTypeOf<Client["snapshot"]>().toEqualTypeOf<() => Core.Snapshot>();
    expectTypeOf<Client["connect"]>().toEqualTypeOf<(options?: Signal) => Promise<void>>();
    expectTypeOf<Client["ready"]>().toEqualTypeOf<(options?: Core.Waiting) => Promise<void>>();
    expectTypeOf<Client["run"]>().toEqualTypeOf<(options?: Signal) => Promise<void>>();
    expectTypeOf<Client["reconnect"]>().toEqualTypeOf<(reason?: string) => void>();
    expectTypeOf<Client["disconnect"]>().toEqualTypeOf<(options?: Closing) => Promise<void>>();
    expectTypeOf<Client["close"]>().toEqualTypeOf<
      (options?: Closing) => Promise<{ readonly wasClean: boolean; readonly undelivered: number }>
    >();
    expectTypeOf<Client["send"]>().toEqualTypeOf<
      (message: Core.Sendable, options?: MaxAge) => "sent" | "queued" | "dropped"
    >();
    expectTypeOf<Client["sendAsync"]>().toEqualTypeOf<
      (message: Core.Sendable, options?: Core.Waiting & MaxAge) => Promise<void>
    >();
    expectTypeOf<Client["ping"]>().toEqualTypeOf<
      (payload?: Uint8Array, options?: Core.Waiting) => Promise<number>
    >();
    expectTypeOf<Client["flush"]>().toEqualTypeOf<(options?: Core.Waiting) => Promise<void>>();
    expectTypeOf<Client["messages"]>().toEqualTypeOf<
      (options?: Core.MessagesOptions) => AsyncIterableIterator<Core.Message>
    >();
    expectTypeOf<Client["events"]>().toEqualTypeOf<
      (options?: Signal) => AsyncIterableIterator<Core.ClientEvent>
    >();
    expectTypeOf<Client["use"]>().toEqualTypeOf<
      (plugin: Core.Extension | Core.Handshake) => () => void
    >();
    expectTypeOf<Core.Waiting>().toEqualTypeOf<{
      readonly timeout?: number | undefined;
      readonly signal?: AbortSignal | undefined;
    }>();
    expectTypeOf<Core.MessagesOptions>().toEqualTypeOf<{
      readonly signal?: AbortSignal | undefined;
      readonly highWaterMark?: number | undefined;
      readonly overflow?: "pause" | "drop-oldest" | "drop-newest" | "error" | undefined;
    }>();
  });

  test("of events follow their names", () => {
    const typed = (client: Core.WebSocketClient): void => {
      client.on("message", (message) => expectTypeOf(message).toEqualTypeOf<Core.Message>());
      client.on("connected", ({ reconnects }) => expectTypeOf(reconnects).toBeNumber());
      expectTypeOf(client.once("closed")).toEqualTypeOf<Promise<Core.ClientEvents["closed"]>>();
      // @ts-expect-error -- there is no such event
      client.on("mesage", () => {});
    };
    expect(typed).toBeTypeOf("function");
    expectTypeOf<Core.ClientEvents>().toEqualTypeOf<{
      connecting: { readonly attempt: number };
      open: Core.OpenInfo;
      connected: { readonly id: number; readonly attempt: number; readonly reconnects: number };
      disconnected: {
        readonly cause?: Core.DisconnectCause;
        readonly willRetry: boolean;
        readonly uptime: number;
        readonly bufferedAmount: number;
      };
      reconnectScheduled: {
        readonly attempt: number;
        readonly delay: number;
        readonly until: number;
        readonly cause: Core.DisconnectCause;
      };
      error: { readonly error: Core.StreamTungsteniteError; readonly attempt: number };
      fatal: { readonly error: Core.StreamTungsteniteError };
      shutdown: Record<never, never>;
      closed: { readonly cause: Core.StreamTungsteniteError | null };
      state: Core.StateChange;
      message: Core.Message;
      drain: Record<never, never>;
      lagged: { readonly skipped: number };
      dropped: { readonly messages: readonly Core.Message[]; readonly reason: Core.DropReason };
    }>();
    expectTypeOf<Core.OpenInfo>().toEqualTypeOf<{
      readonly protocol: string;
      readonly extensions: string;
    }>();
    expectTypeOf<Core.ClientEvent["type"]>().toEqualTypeOf<
      Exclude<keyof Core.ClientEvents, "message">
    >();
    const narrowed = (event: Core.ClientEvent): void => {
      if (event.type === "dropped") expectTypeOf(event.reason).toEqualTypeOf<Core.DropReason>();
    };
    expect(narrowed).toBeTypeOf("function");
    expectTypeOf<Core.DropReason>().toEqualTypeOf<
      "overflow" | "expired" | "disconnected" | "closed"
    >();
  });

  test("of the states", () => {
    expectTypeOf<Core.ClientState>().toEqualTypeOf<
      | { readonly status: "idle" }
      | { readonly status: "connecting"; readonly attempt: number }
      | { readonly status: "handshaking"; readonly attempt: number; readonly step: string }
      | { readonly status: "connected"; readonly id: number; readonly since: number }
      | {
          readonly status: "waiting";
          readonly attempt: number;
          readonly delay: number;
          readonly until: number;
          readonly cause: Core.DisconnectCause;
        }
      | { readonly status: "closing"; readonly next: "idle" | "closed" }
      | { readonly status: "closed"; readonly cause: Core.StreamTungsteniteError | null }
    >();
    expectTypeOf<Core.StateChange>().toEqualTypeOf<{
      readonly from: Core.ClientState;
      readonly to: Core.ClientState;
    }>();
    expectTypeOf<Core.Snapshot>().toEqualTypeOf<{
      readonly status: Core.ClientState["status"];
      readonly url: string;
      readonly connectionId: number | null;
      readonly connectionCount: number;
      readonly reconnectCount: number;
      readonly errorCount: number;
      readonly connectedFor: number | null;
      readonly lastDisconnect: {
        readonly at: number;
        readonly cause: Core.DisconnectCause | null;
      } | null;
      readonly lastError: Core.StreamTungsteniteError | null;
      readonly messagesReceived: number;
      readonly messagesSent: number;
      readonly bytesReceived: number;
      readonly bytesSent: number;
      readonly queued: number;
      readonly queuedBytes: number;
      readonly bufferedAmount: number;
    }>();
  });

  test("of the options", () => {
    expectTypeOf<Core.ClientOptions>().toEqualTypeOf<{
      readonly url: Core.Provided<string | URL>;
      readonly plugins: Core.PluginList;
      readonly protocols?: Core.Provided<readonly string[]> | undefined;
      readonly connectTimeout?: number | undefined;
      readonly handshakeTimeout?: number | undefined;
      readonly receiveTimeout?: number | undefined;
      readonly stableAfter?: number | undefined;
      readonly closeTimeout?: number | undefined;
      readonly handshakeRetryDelay?: number | undefined;
      readonly exitOnFirstFailure?: boolean | undefined;
      readonly shouldReconnect?:
        | ((cause: Core.DisconnectCause) => boolean | Promise<boolean>)
        | undefined;
      readonly sendQueue?: Core.SendQueueOptions | undefined;
      readonly highWaterMark?: number | undefined;
      readonly receiveBuffer?: number | undefined;
      readonly noDelay?: boolean | undefined;
      readonly pluginErrorPolicy?: "ignore" | "disconnect" | undefined;
      readonly clock?: Core.Clock | undefined;
      readonly random?: Random | undefined;
    }>();
    expectTypeOf<Core.SendQueueOptions>().toEqualTypeOf<{
      readonly capacity?: number | undefined;
      readonly maxBytes?: number | undefined;
      readonly overflow?: "reject" | "drop-oldest" | "drop-newest" | undefined;
      readonly whileDisconnected?: "hold" | "reject" | undefined;
      readonly maxAge?: number | undefined;
    }>();
    expectTypeOf<Core.Provided<string>>().toEqualTypeOf<
      string | ((context: Core.AttemptContext) => string | Promise<string>)
    >();
    expectTypeOf<Core.AttemptContext>().toEqualTypeOf<{
      readonly attempt: number;
      readonly signal: AbortSignal;
    }>();
    expectTypeOf(core.fastReconnect).toEqualTypeOf<Partial<Core.ClientOptions>>();
    expectTypeOf(core.stableConnection).toEqualTypeOf<Partial<Core.ClientOptions>>();
    expectTypeOf(core.lowLatency).toEqualTypeOf<Partial<Core.ClientOptions>>();
    expectTypeOf(core.isTransient).toEqualTypeOf<(cause: Core.DisconnectCause) => boolean>();
    expectTypeOf<Core.Clock["now"]>().toEqualTypeOf<() => number>();
    expectTypeOf<Core.Clock["schedule"]>().toEqualTypeOf<
      (delay: number, task: () => void) => () => void
    >();
  });

  test("of the builder", () => {
    expectTypeOf<(typeof core.WebSocketClient)["builder"]>().toEqualTypeOf<
      (url: Core.ClientOptions["url"]) => core.ClientBuilder
    >();
    type Builder = core.ClientBuilder<true>;
    expectTypeOf<Parameters<Builder["config"]>>().toEqualTypeOf<
      [options: Partial<Omit<Core.ClientOptions, "url" | "plugins">>]
    >();
    expectTypeOf<Parameters<Builder["retryStrategy"]>>().toEqualTypeOf<
      [strategy: AnyRetryStrategy | Core.RetryStrategy]
    >();
    expectTypeOf<Parameters<Builder["exponentialBackoff"]>>().toEqualTypeOf<
      [options?: ExponentialBackoffOptions | undefined]
    >();
    expectTypeOf<Parameters<Builder["noRetry"]>>().toEqualTypeOf<[]>();
    expectTypeOf<Parameters<Builder["handshaker"]>>().toEqualTypeOf<[handshake: Core.Handshake]>();
    expectTypeOf<Parameters<Builder["connector"]>>().toEqualTypeOf<[transport: Core.Transport]>();
    expectTypeOf<Parameters<Builder["receiveTimeout"]>>().toEqualTypeOf<[duration: number]>();
    expectTypeOf<ReturnType<Builder["build"]>>().toEqualTypeOf<Core.WebSocketClient>();
    expectTypeOf<Builder["ready"]>().toEqualTypeOf<true>();
  });

  test("of hooks", () => {
    type Plugin = Core.Plugin;
    type Hook<K extends keyof Plugin> = NonNullable<Plugin[K]>;
    type Context = RetryContext<Core.DisconnectCause>;
    expectTypeOf<Hook<"connect">>().toEqualTypeOf<
      (request: Core.ConnectRequest, listener: Core.ConnectionListener) => Core.Connection
    >();
    expectTypeOf<Hook<"nextDelay">>().toEqualTypeOf<(context: Context) => number | null>();
    expectTypeOf<Hook<"adjustDelay">>().toEqualTypeOf<
      (delay: number, context: Context) => number | void
    >();
    expectTypeOf<Hook<"shouldReconnect">>().toEqualTypeOf<
      (cause: Core.DisconnectCause) => boolean | void
    >();
    expectTypeOf<Hook<"handshake">>().toEqualTypeOf<
      (session: Core.HandshakeSession) => Promise<void>
    >();
    expectTypeOf<Hook<"onMessage">>().toEqualTypeOf<
      (
        message: Core.Message,
        context: Core.MessageContext,
      ) => Core.Received | Promise<Core.Received>
    >();
    expectTypeOf<Hook<"onSend">>().toEqualTypeOf<
      (
        message: Core.Message,
        context: Core.MessageContext,
      ) => Core.Outgoing | Promise<Core.Outgoing>
    >();
    expectTypeOf<Hook<"onStateChange">>().toEqualTypeOf<(change: Core.StateChange) => void>();
    expectTypeOf<Hook<"onConnected">>().toEqualTypeOf<
      (event: Core.ClientEvents["connected"]) => void
    >();
    expectTypeOf<Hook<"onProbe">>().toEqualTypeOf<() => void>();
    expectTypeOf<Hook<"setup">>().toEqualTypeOf<
      (context: Core.PluginContext) => void | (() => void)
    >();
    expectTypeOf<Core.Transport>().toExtend<Plugin>();
    expectTypeOf<Core.Transport>().not.toExtend<Core.Extension>();
    expectTypeOf<Core.Handshake>().toExtend<Core.Extension>();
    expectTypeOf<Core.RetryStrategy>().toExtend<Plugin>();
    expectTypeOf<AnyRetryStrategy>().toExtend<Core.PluginList[number]>();
  });

  test("of what plugins are given", () => {
    expectTypeOf<Core.PluginContext>().toExtend<{
      readonly client: Core.WebSocketClient;
      readonly clock: Core.Clock;
      readonly random: Random;
      readonly signal: AbortSignal;
      readonly received: number;
      readonly paused: boolean;
      readonly canPing: boolean;
      fail(cause: unknown): void;
      probe(): void;
      report(error: unknown): void;
    }>();
    const exchanged = (context: Core.PluginContext): void => {
      const options = { timeout: 5, signal: context.signal, hold: true };
      const run = async (session: Core.HandshakeSession): Promise<number> => session.attempt;
      expectTypeOf(context.exchange(run, options)).toEqualTypeOf<Promise<number>>();
    };
    expect(exchanged).toBeTypeOf("function");
    expectTypeOf<Core.MessageContext>().toEqualTypeOf<{
      readonly client: Core.WebSocketClient;
      readonly connectionId: number;
      readonly metadata: Map<string, unknown>;
      readonly origin: "application" | "plugin";
    }>();
    expectTypeOf<Core.HandshakeSession>().toExtend<{
      readonly connectionId: number;
      readonly attempt: number;
      readonly reconnects: number;
      readonly protocol: string;
      readonly metadata: Map<string, unknown>;
      readonly signal: AbortSignal;
      send(message: Core.Sendable): void;
      receive(
        match?: (message: Core.Message) => boolean,
        options?: { readonly timeout?: number | undefined },
      ): Promise<Core.Message>;
    }>();
  });

  test("of transports", () => {
    expectTypeOf<Core.ConnectRequest>().toEqualTypeOf<{
      readonly url: string;
      readonly protocols: readonly string[];
      readonly noDelay: boolean;
      readonly highWaterMark: number;
      readonly attempt: number;
      readonly signal: AbortSignal;
    }>();
    expectTypeOf<Core.CloseInfo>().toEqualTypeOf<{
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
      readonly error?: unknown;
    }>();
    expectTypeOf<{
      readonly bufferedAmount: number;
      send(message: Core.Message): void;
      close(code: number, reason: string): void;
      terminate(): void;
      ping?: ((payload?: Uint8Array) => void) | undefined;
      pause?: (() => void) | undefined;
      resume?: (() => void) | undefined;
      flush?: (() => Promise<void>) | undefined;
    }>().toExtend<Core.Connection>();
    expectTypeOf<Core.ConnectionListener>().toExtend<{
      onOpen(info: Core.OpenInfo): void;
      onMessage(message: Core.Message): void;
      onClose(close: Core.CloseInfo): void;
      onDrain(): void;
      onPong(payload: Uint8Array): void;
      onActivity(): void;
    }>();
  });

  test("of errors", () => {
    expectTypeOf<Core.StreamTungsteniteError>().toExtend<
      Error & { readonly code: string; readonly retryable: boolean }
    >();
    type Given<T extends abstract new (...args: never) => unknown> = ConstructorParameters<T>;
    expectTypeOf<Given<typeof core.ConfigurationError>>().toEqualTypeOf<
      [faults: readonly string[]]
    >();
    expectTypeOf<Given<typeof core.UnsupportedError>>().toEqualTypeOf<[message: string]>();
    expectTypeOf<Given<typeof core.AlreadyRunningError>>().toEqualTypeOf<[]>();
    expectTypeOf<Given<typeof core.ClientClosedError>>().toEqualTypeOf<
      [message?: string | undefined, options?: ErrorOptions | undefined]
    >();
    expectTypeOf<Given<typeof core.PluginError>>().toEqualTypeOf<
      [plugin: string, hook: string, options: ErrorOptions]
    >();
    expectTypeOf<Given<typeof core.HandshakeError>>().toEqualTypeOf<
      [
        message: string,
        options?: (ErrorOptions & { readonly step?: string | undefined }) | undefined,
      ]
    >();
    expectTypeOf<[close: Core.CloseInfo]>().toExtend<Given<typeof core.ConnectionLostError>>();
    expectTypeOf<
      [
        message: string,
        options: ErrorOptions & {
          readonly phase: Core.ConnectPhase;
          readonly status?: number | undefined;
          readonly retryAfter?: number | undefined;
          readonly retryable?: boolean | undefined;
        },
      ]
    >().toExtend<Given<typeof core.ConnectError>>();
    expectTypeOf<Core.ConnectPhase>().toEqualTypeOf<
      "options" | "url" | "dns" | "tcp" | "tls" | "upgrade" | "unknown"
    >();
    expectTypeOf<core.ConnectError["status"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<core.ConnectError["retryAfter"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<core.ConnectionLostError["close"]>().toEqualTypeOf<Core.CloseInfo>();
    expectTypeOf<core.HandshakeError["step"]>().toEqualTypeOf<string>();
    expectTypeOf<core.MessageDroppedError["reason"]>().toEqualTypeOf<Core.DropReason>();
    expectTypeOf<Core.DisconnectCause>().toEqualTypeOf<
      core.ConnectError | core.HandshakeError | core.ConnectionLostError | core.PluginError
    >();
    const guarded = (value: unknown): void => {
      if (core.isStreamTungsteniteError(value)) expectTypeOf(value.code).toBeString();
    };
    expect(guarded).toBeTypeOf("function");
  });
});
