import { HandshakeError } from "@stream-tungstenite/core";
import { rig } from "rig";
import { describe, expect, test } from "vitest";
import { TokenError, auth } from "./index.ts";

test("a token function is asked on every connection, with the attempt and its signal", async () => {
  const asked: [number, AbortSignal][] = [];
  const { clock, server, connected, client } = rig([
    auth(({ attempt, signal }) => {
      asked.push([attempt, signal]);
      return `t${asked.length}`;
    }),
  ]);
  await connected();
  server.drop();
  await clock.advance(1000);
  server.drop();
  await clock.advance(2000);
  expect(server.peers.map((peer) => peer.received)).toEqual([["t1"], ["t2"], ["t3"]]);
  expect(asked.map(([attempt]) => attempt)).toEqual([0, 1, 2]);
  expect(asked.map(([, signal]) => signal.aborted)).toEqual([true, true, true]);
  void client.close();
  await clock.settle();
  expect(clock.pending).toBe(0);
});

test("the signal aborts when the connection is lost while the token is fetched", async () => {
  const signals: AbortSignal[] = [];
  const { clock, server, started, client } = rig([
    auth(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    }),
  ]);
  await started();
  expect(signals[0]!.aborted).toBe(false);
  server.drop();
  await clock.settle();
  expect(signals[0]!.aborted).toBe(true);
  void client.close();
});

test("a token that comes too late is not sent", async () => {
  let give!: (token: string) => void;
  const { clock, server, started, client } = rig([
    auth(() => new Promise<string>((resolve) => (give = resolve))),
  ]);
  await started();
  server.drop();
  await clock.settle();
  give("late");
  await clock.settle();
  expect(server.peers[0]!.received).toEqual([]);
  void client.close();
});

describe("a token function that fails", () => {
  test("fails the attempt, which is retried", async () => {
    let calls = 0;
    const { clock, server, errors, client, started } = rig([
      auth(async () => {
        if (++calls === 1) throw new Error("https://id.test/?client_secret=x is down");
        return "t";
      }),
    ]);
    const connecting = await started();
    expect(errors[0]).toBeInstanceOf(TokenError);
    expect(errors[0]).toBeInstanceOf(HandshakeError);
    expect(errors[0]).toMatchObject({
      name: "TokenError",
      code: "TOKEN",
      step: "auth",
      retryable: true,
      message: "Handshake 'auth' failed: the token function threw",
      cause: { message: "https://id.test/?client_secret=x is down" },
    });
    await clock.advance(1000);
    expect(connecting.status).toBe("resolved");
    expect(server.peer.received).toEqual(["t"]);
    void client.close();
    await clock.settle();
  });

  test("may throw at once, and anything", async () => {
    const { client, errors, started } = rig([
      auth(() => {
        throw null;
      }),
    ]);
    await started();
    expect(errors[0]).toMatchObject({ code: "TOKEN", retryable: true, cause: null });
    void client.close();
  });

  test("with an error that is not retryable is fatal", async () => {
    const { client, started } = rig([
      auth(() => Promise.reject(Object.assign(new Error("revoked"), { retryable: false }))),
    ]);
    const connecting = await started();
    expect(connecting.error).toMatchObject({ code: "TOKEN", retryable: false });
    expect(client.state.status).toBe("closed");
  });

  test.each([
    [undefined, "a string is needed, not undefined"],
    ["", "it is empty"],
    ["secret\ud800", "a lone surrogate, which UTF-8 cannot carry"],
  ])("or gives no token that can be sent: %j", async (token, why) => {
    const { client, server, errors, started } = rig([auth(() => token as string)]);
    await started();
    expect(errors[0]!.message).toBe(
      `Handshake 'auth' failed: the token function gave none: ${why}`,
    );
    expect(server.peer.received).toEqual([]);
    void client.close();
  });
});

test("the deadline covers the token function", async () => {
  const { clock, client, errors, started } = rig([
    auth(() => new Promise(() => {}), { timeout: 300 }),
  ]);
  await started();
  await clock.advance(299);
  expect(errors).toEqual([]);
  await clock.advance(1);
  expect(errors[0]).toMatchObject({
    code: "HANDSHAKE_TIMEOUT",
    message: "Handshake 'auth' timed out after 300 ms",
  });
  void client.close();
});

test("without a timeout of its own the client's counts", async () => {
  const { clock, client, errors, started } = rig([auth(() => new Promise(() => {}))], {
    handshakeTimeout: 70,
  });
  await started();
  await clock.advance(70);
  expect(errors[0]!.message).toBe("Handshake 'auth' timed out after 70 ms");
  void client.close();
});

test("only a token function makes an HTTP 401 worth one more attempt", async () => {
  const run = async (token: string | (() => string)): Promise<number> => {
    const { clock, client, server, started } = rig([auth(token)]);
    server.onDial((dial) => dial.refuse(401));
    await started();
    await clock.advance(100_000);
    expect(client.state.status).toBe("closed");
    return server.dials.length;
  };
  expect(await run("t")).toBe(1);
  expect(await run(() => "t")).toBe(2);
});
