import { describe, expect, test, vi } from "vitest";
import {
  DROP,
  type ConnectionLostError,
  HandshakeRejectedError,
  HandshakeTimeoutError,
  NotConnectedError,
  type Handshake,
  type HandshakeSession,
  type Message,
} from "./index.ts";
import { rig, watch } from "./test-kit.ts";

const step = (
  handshake: (session: HandshakeSession) => Promise<unknown>,
  name = "step",
  handshakeTimeout?: number,
): Handshake => ({
  name,
  handshakeTimeout,
  async handshake(session) {
    await handshake(session);
  },
});
const is = (text: string) => (message: Message) => message === text;

describe("a session", () => {
  test("knows connection, attempt, reconnects, subprotocol and metadata", async () => {
    const seen: HandshakeSession[] = [];
    const { server, clock, connected } = rig({
      protocols: ["v1", "v2"],
      plugins: [
        step(async (session) => void session.metadata.set("a", 1)),
        step(async (session) => void seen.push(session)),
      ],
    });
    server.onDial((dial) => dial.accept({ protocol: "v2" }));
    await connected();
    server.drop();
    await clock.settle();
    server.script((dial) => dial.fail("tcp"));
    await clock.advance(10_000);
    expect(seen[0]).toMatchObject({ connectionId: 1, attempt: 0, reconnects: 0, protocol: "v2" });
    expect(seen[1]).toMatchObject({ connectionId: 2, attempt: 2, reconnects: 1, protocol: "v2" });
    expect(seen[0]?.metadata.get("a")).toBe(1);
    expect(seen[0]?.metadata).not.toBe(seen[1]?.metadata);
  });

  test("refuses at once to send what is no message", async () => {
    const { client, clock, connected, told } = rig({
      plugins: [step(async (session) => session.send(7 as unknown as string))],
    });
    const connecting = watch(connected());
    await clock.settle();
    expect(connecting.status).toBe("pending");
    expect(told("error")[0]?.error).toMatchObject({ code: "HANDSHAKE", step: "step" });
    expect(told("error")[0]?.error.cause).toBeInstanceOf(TypeError);
    expect(client.state.status).toBe("waiting");
  });

  test("sends views of other bytes as a Uint8Array", async () => {
    const { server, connected } = rig({
      plugins: [step(async (session) => session.send(new Uint16Array([1]).buffer))],
    });
    await connected();
    expect(server.peer.received).toEqual([Uint8Array.of(1, 0)]);
  });

  test("can do nothing when its handshake is over", async () => {
    let kept: HandshakeSession | undefined;
    const { server, connected, clock } = rig({
      plugins: [step(async (session) => (kept = session))],
    });
    await connected();
    expect(() => kept?.send("late")).toThrow(NotConnectedError);
    const late = watch(kept!.receive());
    await clock.settle();
    expect(late.error).toBeInstanceOf(NotConnectedError);
    expect((late.error as Error).message).toBe("The handshake 'step' is over");
    expect(kept?.signal.aborted).toBe(true);
    expect(server.peer.received).toEqual([]);
  });

  test.each<[string, (kit: ReturnType<typeof rig>) => unknown]>([
    ["the connection ends", ({ server }) => server.drop()],
    ["its deadline has passed", ({ clock }) => clock.advance(50)],
    ["the client closes", ({ client }) => client.close()],
  ])("aborts its signal when %s", async (_, end) => {
    let signal: AbortSignal | undefined;
    const kit = rig({
      handshakeTimeout: 50,
      plugins: [
        step((session) => {
          ({ signal } = session);
          return new Promise(() => {});
        }),
      ],
    });
    watch(kit.client.connect());
    await kit.clock.settle();
    expect(signal?.aborted).toBe(false);
    await end(kit);
    await kit.clock.settle();
    expect(signal?.aborted).toBe(true);
  });
});

describe("what a handshake says and hears", () => {
  test("passes every onSend and every onMessage, as the application's messages do", async () => {
    const { client, server, told, connected } = rig({
      plugins: [
        step(async (session) => {
          session.send("hello");
          await session.receive(is("welcome"));
        }),
        {
          name: "codec",
          onSend: (message) => `<${String(message)}>`,
          onMessage: (message) => String(message).slice(1, -1),
        },
      ],
    });
    server.onMessage((message, peer) => message === "<hello>" && peer.send("<welcome>"));
    await connected();
    client.send("order");
    server.peer.send("<news>");
    expect(server.peer.received).toEqual(["<hello>", "<order>"]);
    expect(told("message")).toEqual(["news"]);
  });

  test("is swallowed by hooks as the application's messages are", async () => {
    const { client, server, clock } = rig({
      handshakeTimeout: 50,
      plugins: [
        step(async (session) => {
          session.send("hello");
          await session.receive();
        }),
        { name: "wall", onSend: () => DROP, onMessage: () => DROP },
      ],
    });
    server.onDial((dial) => dial.accept().send("welcome"));
    watch(client.connect());
    await clock.settle();
    expect(server.peer.received).toEqual([]);
    expect(client.state.status).toBe("handshaking");
  });
});

describe("receive", () => {
  test("claims the first message that matches; the others keep their place", async () => {
    const got: Message[] = [];
    const { server, connected, told } = rig({
      plugins: [
        step(async (session) => {
          got.push(await session.receive(is("b")));
          got.push(await session.receive(is("a")));
          got.push(await session.receive());
        }),
      ],
    });
    server.onDial((dial) => {
      const peer = dial.accept();
      for (const text of ["a", "x", "b", "c", "y"]) peer.send(text);
    });
    await connected();
    expect(got).toEqual(["b", "a", "x"]);
    expect(told("message")).toEqual(["c", "y"]);
  });

  test("is tried in order of call", async () => {
    const { server, connected } = rig({
      plugins: [
        step(async (session) => {
          const [first, second] = await Promise.all([session.receive(), session.receive()]);
          session.send(`${String(first)}${String(second)}`);
        }),
      ],
    });
    server.onDial((dial) => {
      const peer = dial.accept();
      peer.send("1");
      peer.send("2");
    });
    await connected();
    expect(server.peer.received).toEqual(["12"]);
  });

  test("leaves to the next handshake what this one did not claim", async () => {
    const { server, connected } = rig({
      plugins: [
        step(async (session) => session.receive(is("one")), "first"),
        step(async (session) => session.send(await session.receive()), "second"),
      ],
    });
    server.onDial((dial) => {
      const peer = dial.accept();
      peer.send("two");
      peer.send("one");
    });
    await connected();
    expect(server.peer.received).toEqual(["two"]);
  });

  test("has a timeout of its own", async () => {
    const { client, clock, told } = rig({
      plugins: [step(async (session) => session.receive(undefined, { timeout: 30 }))],
    });
    watch(client.connect());
    await clock.advance(30);
    expect(told("error")[0]?.error).toBeInstanceOf(HandshakeTimeoutError);
    expect(told("error")[0]?.error).toMatchObject({
      step: "step",
      message: "Handshake 'step' timed out after 30 ms",
    });
  });

  test("is given up when its signal aborts", async () => {
    const over = new AbortController();
    const { client, server, clock, told } = rig({
      plugins: [
        {
          name: "step",
          async handshake(session) {
            const given = watch(session.receive(undefined, { signal: over.signal }));
            over.abort("enough");
            await session.receive(() => given.error === "enough");
          },
        },
      ],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.send("first");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(told("message")).toEqual([]);
  });

  test("that timed out or was raced claims no message", async () => {
    const got: Message[] = [];
    const { client, server, clock, told } = rig({
      plugins: [
        step(async (session) => {
          await session.receive(is("never"), { timeout: 30 }).catch(() => {});
          await Promise.race([session.receive(is("a")), session.receive(is("b"))]);
          got.push(await session.receive());
        }),
      ],
    });
    watch(client.connect());
    await clock.advance(30);
    const { peer } = server;
    peer.send("b");
    await clock.settle();
    peer.send("never");
    await clock.settle();
    peer.send("a");
    expect(got).toEqual(["never"]);
    expect(told("message")).toEqual(["a"]);
  });

  test("whose predicate throws rejects with that; the message is for others", async () => {
    const failure = new Error("predicate");
    const got: unknown[] = [];
    const { server, connected } = rig({
      plugins: [
        step(async (session) => {
          const bad = session.receive(() => {
            throw failure;
          });
          const good = session.receive();
          got.push(await bad.catch((error: unknown) => error), await good);
        }),
      ],
    });
    server.onDial((dial) => dial.accept().send("m"));
    await connected();
    expect(got).toEqual([failure, "m"]);
  });

  test("rejects with ConnectionLostError when the connection ends, so that a step can judge closes", async () => {
    const { client, server, clock, told } = rig({
      plugins: [
        step(async (session) => {
          try {
            await session.receive();
          } catch (error) {
            const { code, reason } = (error as ConnectionLostError).close;
            throw code === 1000 ? new HandshakeRejectedError(`refused: ${reason}`) : error;
          }
        }),
      ],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.close(1000, "wrong token");
    await clock.settle();
    expect(told("fatal")[0]?.error).toMatchObject({
      code: "HANDSHAKE_REJECTED",
      message: "refused: wrong token",
      step: "step",
    });
  });

  test("is judged by the connection when the step has no verdict of its own", async () => {
    const { client, server, clock } = rig({
      plugins: [step(async (session) => session.receive())],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.close(1001);
    await clock.settle();
    expect(client.state).toMatchObject({
      status: "waiting",
      cause: { code: "CONNECTION_LOST", close: { code: 1001 } },
    });
  });

  test("whose loss a step swallows is a loss all the same", async () => {
    const second = vi.fn<() => Promise<void>>();
    const { client, server, clock } = rig({
      plugins: [step(async (session) => session.receive().catch(() => {})), step(second)],
    });
    watch(client.connect());
    await clock.settle();
    server.drop();
    await clock.settle();
    expect(second).not.toHaveBeenCalled();
    expect(client.state).toMatchObject({ status: "waiting", cause: { close: { code: 1006 } } });
  });

  test("gives the verdict on a close no more time than the handshake has", async () => {
    const { client, server, clock } = rig({
      handshakeTimeout: 50,
      plugins: [
        step(async (session) => {
          await session.receive().catch(() => {});
          await new Promise(() => {});
        }),
      ],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.close(1001);
    await clock.advance(49);
    expect(client.state.status).toBe("handshaking");
    await clock.advance(1);
    expect(client.state).toMatchObject({ status: "waiting", cause: { close: { code: 1001 } } });
  });

  test("may be ignored without an unhandled rejection", async () => {
    const { server, clock, connected } = rig({
      plugins: [
        step(async (session) => {
          void session.receive(is("never"));
          void session.receive(is("never"), { timeout: 1 });
        }),
      ],
    });
    await connected();
    server.drop();
    await clock.advance(10);
    expect(clock.pending).toBeGreaterThan(0);
  });
});
