import { noRetry, type RetryContext } from "@stream-tungstenite/retry";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type DROP,
  chain,
  createClient,
  definePlugin,
  sendMessage,
  type ClientEvents,
  type ConnectRequest,
  type Connection,
  type ConnectionListener,
  type DisconnectCause,
  type ExchangeOptions,
  type Extension,
  type Handshake,
  type HandshakeSession,
  type Message,
  type MessageContext,
  type Outgoing,
  type Plugin,
  type PluginContext,
  type PluginList,
  type Received,
  type RetryStrategy,
  type Sendable,
  type StateChange,
  type Transport,
  type WebSocketClient,
} from "./index.ts";
import { memoryServer, memoryTransport } from "./testing/index.ts";

const transport = memoryTransport(memoryServer());

describe("definePlugin", () => {
  test("is the identity, and keeps members of the plugin's own", () => {
    const given = { name: "mine", count: 1, onConnected() {} };
    const made = definePlugin(given);
    expect(made).toBe(given);
    expectTypeOf(made).toEqualTypeOf<{ name: string; count: number; onConnected(): void }>();
  });

  test("refuses a hook that does not exist, at compile time", () => {
    // @ts-expect-error -- there is no such hook
    definePlugin({ name: "typo", onMesage() {} });
    // @ts-expect-error -- nor this one
    definePlugin({ name: "typo", onstatechange() {}, onOpened: () => {} });
    definePlugin({ name: "fine", once: 1, online: true, on: () => {} });
  });

  test("refuses a hook of the wrong type, and a plugin without a name", () => {
    // @ts-expect-error -- a number is no answer
    definePlugin({ name: "wrong", onMessage: () => 7 });
    // @ts-expect-error -- the last hook's parameter is an event
    definePlugin({ name: "wrong", onConnected: (event: string) => event });
    // @ts-expect-error -- every plugin has a name
    definePlugin({ onConnected() {} });
  });

  test("gives the hooks' parameters their types", () => {
    definePlugin({
      name: "typed",
      onMessage(message, context) {
        expectTypeOf(message).toEqualTypeOf<Message>();
        expectTypeOf(context).toEqualTypeOf<MessageContext>();
        return [message];
      },
      async handshake(session) {
        expectTypeOf(session).toEqualTypeOf<HandshakeSession>();
      },
      shouldReconnect(cause) {
        expectTypeOf(cause).toEqualTypeOf<DisconnectCause>();
      },
      nextDelay(context) {
        expectTypeOf(context).toEqualTypeOf<RetryContext<DisconnectCause>>();
        return null;
      },
      setup(context) {
        expectTypeOf(context).toEqualTypeOf<PluginContext>();
        return () => {};
      },
    });
  });
});

describe("a plugin", () => {
  test("needs nothing but a name", () => {
    expectTypeOf<{ name: string }>().toExtend<Plugin>();
    expectTypeOf<object>().not.toExtend<Plugin>();
  });

  test("may have any hook, also given as undefined", () => {
    expectTypeOf<{
      name: string;
      onSend: undefined;
      handshakeTimeout: undefined;
    }>().toExtend<Plugin>();
  });

  test("has the hooks of the table, with these parameters and answers", () => {
    type Hook<K extends keyof Plugin> = NonNullable<Plugin[K]>;
    expectTypeOf<Hook<"connect">>().toEqualTypeOf<
      (request: ConnectRequest, listener: ConnectionListener) => Connection
    >();
    expectTypeOf<Hook<"adjustDelay">>().parameters.toEqualTypeOf<
      [number, RetryContext<DisconnectCause>]
    >();
    expectTypeOf<Hook<"onMessage">>().returns.toEqualTypeOf<Received | Promise<Received>>();
    expectTypeOf<Hook<"onSend">>().returns.toEqualTypeOf<Outgoing | Promise<Outgoing>>();
    expectTypeOf<Hook<"onStateChange">>().parameters.toEqualTypeOf<[StateChange]>();
    expectTypeOf<Hook<"onConnected">>().parameters.toEqualTypeOf<[ClientEvents["connected"]]>();
    expectTypeOf<Hook<"onDisconnected">>().parameters.toEqualTypeOf<
      [ClientEvents["disconnected"]]
    >();
    expectTypeOf<Hook<"onError">>().parameters.toEqualTypeOf<[ClientEvents["error"]]>();
    expectTypeOf<Hook<"onLagged">>().parameters.toEqualTypeOf<[ClientEvents["lagged"]]>();
    expectTypeOf<Hook<"onDropped">>().parameters.toEqualTypeOf<[ClientEvents["dropped"]]>();
    expectTypeOf<Hook<"onProbe">>().parameters.toEqualTypeOf<[]>();
  });

  test("splits what it received, but not what it sends", () => {
    expectTypeOf<readonly Message[]>().toExtend<Received>();
    expectTypeOf<readonly Message[]>().not.toExtend<Outgoing>();
    expectTypeOf<typeof DROP>().toExtend<Received & Outgoing>();
  });
});

describe("a list of plugins", () => {
  test("takes plugins, strategies, nested lists and what is to be skipped", () => {
    const list: PluginList = [transport, [noRetry(), [sendMessage("a")]], false, null, undefined];
    expect(list).toHaveLength(5);
    expectTypeOf(noRetry()).toExtend<PluginList[number]>();
  });

  test("takes nothing else", () => {
    // @ts-expect-error -- a text is no plugin
    const text: PluginList = [transport, "noRetry"];
    // @ts-expect-error -- nor is true
    const yes: PluginList = [transport, true];
    expect([text, yes]).toHaveLength(2);
  });

  test("takes a factory that was not called only as far as the compiler goes", () => {
    // A function has a name, too.
    const plugins: PluginList = [transport, noRetry];
    expect(() => createClient({ url: "ws://server.test/", plugins })).toThrow(
      "plugins: a plugin is an object with a name, not function",
    );
  });
});

describe("the roles", () => {
  test("are plugins that certainly have their hook", () => {
    expectTypeOf<Transport>().toExtend<Plugin>();
    expectTypeOf<RetryStrategy>().toExtend<Plugin>();
    expectTypeOf<Handshake>().toExtend<Plugin>();
    expectTypeOf<Extension>().toExtend<Plugin>();
    expectTypeOf<Plugin>().not.toExtend<Transport>();
    expectTypeOf<Plugin>().not.toExtend<RetryStrategy>();
    expectTypeOf<Plugin>().not.toExtend<Handshake>();
    expectTypeOf<Handshake>().toExtend<Extension>();
  });

  test("of handshake and extension open no sockets", () => {
    expectTypeOf<Transport>().not.toExtend<Extension>();
    expectTypeOf<Transport & Handshake>().not.toExtend<Transport>();
    const both = { ...transport, async handshake() {} };
    // @ts-expect-error -- it is a transport
    const handshake: Handshake = both;
    expect(handshake).toBe(both);
  });

  test("are what chain and sendMessage make, and what use takes", () => {
    expectTypeOf(sendMessage).returns.toEqualTypeOf<Handshake>();
    expectTypeOf(sendMessage).parameter(0).toEqualTypeOf<Sendable>();
    expectTypeOf(chain(sendMessage("a"), sendMessage("b"))).toEqualTypeOf<Handshake>();
    expectTypeOf(chain([sendMessage("a")], { timeout: 1 })).toEqualTypeOf<Handshake>();
    expectTypeOf<WebSocketClient["use"]>().parameters.toEqualTypeOf<[Extension | Handshake]>();
    const client = createClient({ url: "ws://server.test/", plugins: [transport] });
    // @ts-expect-error -- a client has one transport, chosen when it is made
    expect(() => client.use(transport)).toThrow("transport");
    // @ts-expect-error -- an extension alone is no handshake
    expect(() => chain({ name: "a", onConnected() {} })).toThrow("'a' is no handshake");
  });
});

describe("what plugins are given", () => {
  test("has these types", () => {
    expectTypeOf<MessageContext["origin"]>().toEqualTypeOf<"application" | "plugin">();
    expectTypeOf<MessageContext["metadata"]>().toEqualTypeOf<Map<string, unknown>>();
    expectTypeOf<HandshakeSession["receive"]>().returns.toEqualTypeOf<Promise<Message>>();
    expectTypeOf<HandshakeSession["send"]>().parameters.toEqualTypeOf<[Sendable]>();
    expectTypeOf<PluginContext["fail"]>().parameters.toEqualTypeOf<[unknown]>();
    expectTypeOf<PluginContext["client"]>().toEqualTypeOf<WebSocketClient>();
    expectTypeOf<ExchangeOptions>().toEqualTypeOf<{
      readonly timeout?: number | undefined;
      readonly signal?: AbortSignal | undefined;
      readonly hold?: boolean | undefined;
    }>();
  });

  test("lets an exchange give what its function gives", () => {
    const use = (context: PluginContext): Promise<number> => context.exchange(async () => 7);
    expectTypeOf(use).returns.toEqualTypeOf<Promise<number>>();
    // @ts-expect-error -- an exchange is asynchronous
    const wrong = (context: PluginContext): Promise<number> => context.exchange(() => 7);
    expect(wrong).toBeTypeOf("function");
  });
});
