import { describe, expect, test } from "vitest";
import type { HandshakeSession, Plugin, PluginContext } from "../../plugin.ts";
import { faultsOf } from "./test-kit.ts";

/** A handshake that says hello and waits for the answer. */
const hello = (session: HandshakeSession): Promise<void> => {
  session.send("hello");
  return session.receive((message) => message === "welcome").then(() => {});
};
const serve = (message: unknown, peer: { send(text: string): boolean }): void => {
  if (message === "hello") peer.send("welcome");
};

test("a handshake that says hello on every connection has no fault", async () => {
  expect(await faultsOf(() => ({ name: "hello", handshake: hello }), { serve })).toEqual({});
});

test("a retry strategy, which cannot be added later, is not asked to leave", async () => {
  expect(await faultsOf(() => ({ name: "every second", nextDelay: () => 1_000 }))).toEqual({});
});

test("a plugin that ends a connection, or tells of a fault, on purpose has no fault", async () => {
  const plugin = (): Plugin => {
    let context: PluginContext;
    let connections = 0;
    return {
      name: "strict",
      setup: (given) => void (context = given),
      onConnected() {
        context.report(new Error("by the way"));
        if (++connections === 1) context.fail(new Error("not this one"));
      },
    };
  };
  expect(Object.keys(await faultsOf(plugin))).not.toContain("lets the client connect and close");
});

test("a plugin that takes its listeners of the client away has no fault", async () => {
  const plugin = (): Plugin => ({
    name: "tidy",
    setup({ client }) {
      const leave = client.on("error", () => {});
      return () => {
        leave();
        leave();
      };
    },
  });
  expect(await faultsOf(plugin)).toEqual({});
});

describe("what is found", () => {
  const found = async (plugin: () => Plugin): Promise<readonly string[]> =>
    Object.keys(await faultsOf(plugin, { serve }));

  test("a handshake that speaks on the first connection only", async () => {
    const plugin = (): Plugin => {
      let isDone = false;
      return {
        name: "once",
        async handshake(session) {
          if (isDone) return;
          isDone = true;
          await hello(session);
        },
      };
    };
    expect(await found(plugin)).toContain("takes part in every connection");
  });

  test("a handshake that throws after a loss", async () => {
    const plugin = (): Plugin => {
      let attempts = 0;
      return {
        name: "fragile",
        shouldReconnect: () => false,
        async handshake(session) {
          if (attempts++ > 0) throw new Error("again?");
          await hello(session);
        },
      };
    };
    expect(await found(plugin)).toEqual(
      expect.arrayContaining([
        "takes part in every connection",
        "survives a connection that is lost at message 1",
        "may serve another client once the first has closed",
      ]),
    );
  });

  test("a plugin that gives up at the first message", async () => {
    const plugin = (): Plugin => {
      let losses = 0;
      return { name: "touchy", handshake: hello, shouldReconnect: () => ++losses < 2 };
    };
    expect(await found(plugin)).toContain("survives a connection that is lost at message 1");
  });

  test("a plugin that gives up when a connection is lost at once", async () => {
    const plugin = (): Plugin => ({ name: "touchy", shouldReconnect: () => false });
    expect(await found(plugin)).toContain("survives a connection that is lost at once");
  });

  test("a handshake that waits for ever", async () => {
    const plugin = (): Plugin => ({ name: "patient", handshakeTimeout: 1e9, handshake: hello });
    expect(await found(plugin)).toContain("comes to an end when the server is silent");
  });

  test("a timer that outlives the client", async () => {
    const plugin = (): Plugin => {
      let context: PluginContext;
      return {
        name: "ticker",
        setup: (given) => void (context = given),
        onConnected: () => void context.clock.schedule(1e9, () => {}),
      };
    };
    expect(await found(plugin)).toContain("lets the client connect and close");
  });

  test("a timer that outlives the plugin", async () => {
    const plugin = (): Plugin => ({
      name: "ticker",
      setup: ({ clock }) => void clock.schedule(1e9, () => {}),
    });
    expect(await found(plugin)).toContain("falls silent when it is removed");
  });

  test("a handshake that leaves its timer when the client closes meanwhile", async () => {
    let context: PluginContext;
    const plugin = (): Plugin => ({
      name: "waiter",
      setup: (given) => void (context = given),
      async handshake(session) {
        const cancel = context.clock.schedule(1e9, () => {});
        await hello(session);
        cancel();
      },
    });
    expect(await found(plugin)).toContain(
      "leaves nothing behind when the client closes during handshakes",
    );
  });

  test("a timer of each outage", async () => {
    let context: PluginContext;
    const plugin = (): Plugin => ({
      name: "mourner",
      setup: (given) => void (context = given),
      onDisconnected: () => void context.clock.schedule(1e9, () => {}),
    });
    expect(await found(plugin)).toContain(
      "leaves nothing behind when the client closes during an outage",
    );
  });

  test("a plugin that is upset by a client closed under its hands", async () => {
    let context: PluginContext;
    const plugin = (): Plugin => ({
      name: "late",
      setup: (given) => void (context = given),
      onStateChange({ to }) {
        if (to.status === "closing") context.clock.schedule(1e9, () => {});
      },
    });
    expect(await found(plugin)).toContain("stands being closed from within its events");
  });

  test("a listener of the client that a plugin leaves behind", async () => {
    const listens = (hook: "setup" | "onConnected") => (): Plugin => {
      let context: PluginContext;
      const listen = (): void => void context.client.on("error", () => {});
      return {
        name: "listener",
        setup(given) {
          context = given;
          if (hook === "setup") listen();
        },
        onConnected: () => hook === "onConnected" && listen(),
      };
    };
    expect(await found(listens("setup"))).toEqual(["falls silent when it is removed"]);
    expect(await found(listens("onConnected"))).toEqual(["falls silent when it is removed"]);
  });

  test("a teardown that throws, in every case in which there is one", async () => {
    const plugin = (): Plugin => ({
      name: "clumsy",
      setup: () => () => {
        throw new Error("never set up");
      },
    });
    const faults = await faultsOf(plugin, { serve });
    expect(Object.values(faults)[0]).toMatch(/A hook threw: .*'clumsy' failed in teardown/);
    expect(Object.keys(faults)).toEqual(
      expect.arrayContaining([
        "lets the client connect and close",
        "falls silent when it is removed",
      ]),
    );
  });

  test("a plugin that sends on the closed client", async () => {
    const bye: Plugin["setup"] =
      ({ client }) =>
      () =>
        void client.send("bye");
    const faults = await faultsOf(() => ({ name: "polite", setup: bye }), { serve });
    expect(faults["lets the client connect and close"]).toMatch(/A hook threw: .*'polite'/);
  });

  test("a plugin that answers, or waits, after its removal", async () => {
    const reads = (late: (context: PluginContext) => void) => (): Plugin => ({
      name: "reader",
      setup(context) {
        void (async () => {
          for await (const _ of context.client.messages()) late(context);
        })();
      },
    });
    const late = "falls silent when it is removed";
    const answers = reads(({ client }) => void (client.isConnected && client.send("seen")));
    expect((await faultsOf(answers))[late]).toMatch("messages, with those sent after its removal");
    const waits = reads(({ clock }) => void clock.schedule(1e9, () => {}));
    expect((await faultsOf(waits))[late]).toMatch(
      "What came after its removal made it set a timer",
    );
  });

  test("a plugin that talks on after its removal", async () => {
    const plugin = (): Plugin => ({
      name: "chatty",
      setup({ client, clock }) {
        const talk = (): void => {
          if (client.state.status === "closed") return;
          clock.schedule(1_000, talk);
          if (client.isConnected) client.send("blah");
        };
        talk();
      },
    });
    expect(await found(plugin)).toContain("falls silent when it is removed");
  });
});
