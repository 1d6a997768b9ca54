import { exponentialBackoff, fixedDelay } from "@stream-tungstenite/retry";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  ClientBuilder,
  ConfigurationError,
  WebSocketClient,
  describeValue,
  sendMessage,
} from "./index.ts";
import type { Extension, Handshake, Plugin, PluginList, Transport } from "./index.ts";
import { manualClock, memoryServer, memoryTransport } from "./testing/index.ts";
import type { MemoryDial } from "./testing/index.ts";

const server = memoryServer();
const transport = memoryTransport(server);
const url = server.url;
const fails = (dial: MemoryDial): void => dial.fail("tcp");

async function delayOfFirstRetry(builder: ClientBuilder<true>): Promise<number | undefined> {
  const clock = manualClock();
  const client = builder.config({ clock, random: () => 0.5 }).build();
  let delay: number | undefined;
  client.on("reconnectScheduled", (event) => (delay = event.delay));
  server.script(fails);
  client.connect().catch(() => {});
  await clock.settle();
  await client.close();
  return delay;
}

describe("the builder", () => {
  test("makes the client that the options would", async () => {
    const order: string[] = [];
    const step = (name: string): Handshake => ({
      name,
      async handshake() {
        order.push(name);
      },
    });
    const clock = manualClock();
    const client = WebSocketClient.builder(url)
      .use(step("a"), [step("b"), false])
      .handshaker(step("c"))
      .connector(transport)
      .config({ clock })
      .build();
    expect(client.url).toBe(url);
    client.connect().catch(() => {});
    await clock.settle();
    expect([client.isConnected, order]).toEqual([true, ["a", "b", "c"]]);
    await Promise.all([client.close(), clock.settle()]);
  });

  test("is immutable: every verb returns a new one and leaves the old one alone", async () => {
    const first = WebSocketClient.builder(url).connector(transport).noRetry();
    const versions: ClientBuilder<true>[] = [
      first.use(sendMessage("x")),
      first.handshaker(sendMessage("x")),
      first.config({ noDelay: false }),
      first.receiveTimeout(10),
      first.retryStrategy(fixedDelay(5)),
      first.exponentialBackoff(),
      first.noRetry(),
      first.connector(transport),
    ];
    expect(new Set([first, ...versions]).size).toBe(versions.length + 1);
    expect(await delayOfFirstRetry(first)).toBe(undefined);
    expect(await delayOfFirstRetry(versions[4]!)).toBe(5);
  });

  test("builds as many clients as asked", () => {
    const builder = WebSocketClient.builder(url).connector(transport);
    expect(builder.build()).not.toBe(builder.build());
  });

  test("replaces by the verbs of roles", async () => {
    const other = memoryTransport(memoryServer());
    const builder = WebSocketClient.builder(url)
      .connector(other)
      .connector(transport)
      .noRetry()
      .exponentialBackoff({ initial: 100, max: 100, jitter: "none" });
    expect(await delayOfFirstRetry(builder)).toBe(100);
    expect(await delayOfFirstRetry(builder.noRetry())).toBe(undefined);
    expect(await delayOfFirstRetry(builder.retryStrategy(fixedDelay(7)))).toBe(7);
    expect(await delayOfFirstRetry(builder.exponentialBackoff())).toBe(500);
  });

  test("appends by use, so that two transports or strategies are a fault", () => {
    const builder = WebSocketClient.builder(url).use(transport);
    expect(() => builder.connector(memoryTransport(server)).build()).toThrow(ConfigurationError);
    expect(() => builder.use(exponentialBackoff()).noRetry().build()).toThrow(ConfigurationError);
  });

  test("lets later options win, one by one", () => {
    const config = (options: object): (() => unknown) => {
      const builder = WebSocketClient.builder(url)
        .use(transport)
        .config({ connectTimeout: -1, closeTimeout: -1 });
      return () => builder.config(options).build();
    };
    expect(config({})).toThrow("2 faults");
    expect(config({ connectTimeout: 5 })).toThrow(/^closeTimeout/);
    expect(config({ connectTimeout: 5, closeTimeout: 5 })).not.toThrow();
    expect(() => WebSocketClient.builder(url).use(transport).receiveTimeout(-1).build()).toThrow(
      /^receiveTimeout/,
    );
  });

  test("keeps its own URL and plugins, whatever is slipped into config", () => {
    const slipped = { url: "ws://other.test/", plugins: [] } as object;
    expect(WebSocketClient.builder(url).use(transport).config(slipped).build().url).toBe(url);
  });

  test("lets the strategy's own error through at once", () => {
    expect(() => WebSocketClient.builder(url).exponentialBackoff({ initial: -1 })).toThrow(
      RangeError,
    );
  });

  test("throws one ConfigurationError when built with faults", () => {
    const unready = WebSocketClient.builder("nonsense") as ClientBuilder<boolean>;
    expect(() => (unready as ClientBuilder<true>).build()).toThrow(ConfigurationError);
  });
});

describe("types", () => {
  const builder = WebSocketClient.builder(url);
  const step: Handshake = { name: "step", handshake: async () => {} };
  const extension: Extension = { name: "extension" };

  test("build() does not compile while the lists certainly hold no transport", () => {
    const faulty = (): void => {
      // @ts-expect-error -- nothing at all
      builder.build();
      // @ts-expect-error -- a handshake is no transport
      builder.handshaker(step).build();
      // @ts-expect-error -- nor is an extension
      builder.use(step, extension).build();
      // @ts-expect-error -- nor are these, however deep
      builder.use([step, [extension, [false, null, undefined]]]).build();
      // @ts-expect-error -- nor a strategy
      builder.use(fixedDelay(1)).build();
      // @ts-expect-error -- options hold no plugins
      builder.config({ plugins: [transport] });
    };
    expect(faulty).toThrow(ConfigurationError);
  });

  test("it compiles as soon as there is, or may be, one", () => {
    expectTypeOf(builder).toEqualTypeOf<ClientBuilder>();
    expectTypeOf(builder.connector(transport)).toEqualTypeOf<ClientBuilder<true>>();
    expectTypeOf(builder.use(transport)).toEqualTypeOf<ClientBuilder<true>>();
    expectTypeOf(builder.use(step, [extension, transport])).toEqualTypeOf<ClientBuilder<true>>();
    expectTypeOf(builder.use(step).use(transport).use(extension)).toEqualTypeOf<
      ClientBuilder<true>
    >();
    const perhaps = (Math.max(0, 1) ? [transport] : []) as readonly Transport[];
    expectTypeOf(builder.use(perhaps)).toEqualTypeOf<ClientBuilder<true>>();
    const any: Plugin = transport;
    expectTypeOf(builder.use(any)).toEqualTypeOf<ClientBuilder<true>>();
    const list: PluginList = [transport];
    expectTypeOf(builder.use(list)).toEqualTypeOf<ClientBuilder<true>>();
    const steps: readonly Handshake[] = [step];
    expectTypeOf(builder.use(steps)).toEqualTypeOf<ClientBuilder>();
    const optional: Transport | false = transport;
    expectTypeOf(builder.use(optional)).toEqualTypeOf<ClientBuilder<true>>();
    expectTypeOf(builder.use(transport).noRetry().receiveTimeout(1).config({})).toEqualTypeOf<
      ClientBuilder<true>
    >();
    expect(builder.use(list).build().url).toBe(url);
  });

  test("nobody makes one without a URL", () => {
    // @ts-expect-error -- the constructor is private
    const make = (): unknown => new ClientBuilder();
    expect(make).toBeTypeOf("function");
  });
});

test.each([5, null, "text", true])("config refuses %j, which is no object, at once", (options) => {
  expect(() => WebSocketClient.builder("ws://server.test/").config(options as never)).toThrow(
    new ConfigurationError([`config: an object is needed, not ${describeValue(options)}`]),
  );
});
