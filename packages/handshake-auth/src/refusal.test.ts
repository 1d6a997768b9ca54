import { HandshakeRejectedError, chain, sendMessage } from "@stream-tungstenite/core";
import type { MemoryPeer } from "@stream-tungstenite/core/testing";
import { rig } from "rig";
import { describe, expect, test } from "vitest";
import { auth } from "./index.ts";
import type { AuthOptions } from "./index.ts";

const reply: AuthOptions["reply"] = {
  accept: (message) => message === "ok",
  reject: (message) => String(message).startsWith("no") && (String(message).slice(3) || true),
};

/** A token function whose tokens are t1, t2, … */
function tokens(): () => string {
  let count = 0;
  return () => `t${++count}`;
}

describe("an answer", () => {
  test("is not waited for unless asked", async () => {
    const { client, connected } = rig([auth("t")]);
    await connected();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("may be any message", async () => {
    const { clock, server, client, messages, started } = rig([auth("t", { reply: true })]);
    await started();
    expect(client.state).toMatchObject({ status: "handshaking", step: "auth" });
    server.peer.send("anything");
    server.peer.send("news");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(messages).toEqual(["news"]);
    void client.close();
  });

  test("is the first message that a matcher wants; the others are the application's", async () => {
    const { clock, server, client, messages, started } = rig([auth("t", { reply })]);
    await started();
    server.peer.send("banner");
    await clock.settle();
    expect(client.isConnected).toBe(false);
    server.peer.send("ok");
    server.peer.send("no more");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(messages).toEqual(["banner", "no more"]);
    void client.close();
  });

  test("that both matchers want accepts", async () => {
    const both = () => true;
    const { clock, server, client, started } = rig([
      auth("t", { reply: { accept: both, reject: both } }),
    ]);
    await started();
    server.peer.send("?");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("may be waited for without a matcher for refusals", async () => {
    const { clock, server, client, started } = rig([
      auth("t", { reply: { accept: (message) => message === "ok" } }),
    ]);
    await started();
    server.peer.send("no");
    await clock.settle();
    expect(client.isConnected).toBe(false);
    server.peer.send("ok");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("that does not come in time is retried", async () => {
    const { clock, server, client, errors, started } = rig([
      auth("t", { reply: true, timeout: 500 }),
    ]);
    await started();
    await clock.advance(500);
    expect(errors[0]!.message).toBe("Handshake 'auth' timed out after 500 ms");
    await clock.advance(1000);
    expect(server.peers).toHaveLength(2);
    void client.close();
  });
});

describe("a refusal of a fixed token is fatal", () => {
  test("by a message", async () => {
    const { clock, server, client, started } = rig([auth("t", { reply })]);
    const connecting = await started();
    server.peer.send("no");
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(HandshakeRejectedError);
    expect(connecting.error).toMatchObject({
      step: "auth",
      retryable: false,
      message: "Handshake 'auth' was refused",
    });
    expect(client.state).toMatchObject({ status: "closed", cause: connecting.error });
    expect(server.peer.isOpen).toBe(false);
  });

  test("with the reason that the matcher gives, in which the token is blotted out", async () => {
    const { clock, server, started } = rig([auth("sekret", { reply })]);
    const connecting = await started();
    server.peer.send("no user for sekret, 'sekret' is unknown");
    await clock.settle();
    expect((connecting.error as Error).message).toBe(
      "Handshake 'auth' was refused: user for …, '…' is unknown",
    );
  });

  test.each([1008, 4401, 4403])("by close code %i while it waits", async (code) => {
    const { clock, server, started } = rig([auth("sekret", { reply })]);
    const connecting = await started();
    server.peer.close(code, "bad sekret");
    await clock.settle();
    expect(connecting.error).toMatchObject({
      code: "HANDSHAKE_REJECTED",
      message: `Handshake 'auth' was refused: Connection lost: close code ${code} 'bad …'`,
      cause: {
        code: "CONNECTION_LOST",
        message: `Connection lost: close code ${code} 'bad …'`,
        close: { code, reason: "bad …" },
      },
    });
  });

  test("in whose reason the token is blotted out as JSON escapes it, too", async () => {
    const { clock, server, started } = rig([auth('se"kr\\et', { reply })]);
    const connecting = await started();
    server.peer.send(`no ${JSON.stringify({ denied: 'se"kr\\et' })}`);
    await clock.settle();
    expect((connecting.error as Error).message).toBe(
      'Handshake \'auth\' was refused: {"denied":"…"}',
    );
  });

  test("with no more of the reason than 200 characters", async () => {
    const { clock, server, started } = rig([auth("sekret", { reply })]);
    const connecting = await started();
    server.peer.send(`no ${"x".repeat(195)}sekret${"y".repeat(5_000_000)}`);
    await clock.settle();
    expect((connecting.error as Error).message).toBe(
      `Handshake 'auth' was refused: ${"x".repeat(195)}…yyyy`,
    );
  });

  test.each([1008, 4401, 4403])("by close code %i on the live connection", async (code) => {
    const { clock, client, connected } = rig([auth("t")]);
    const peer = await connected();
    peer.close(code);
    await clock.settle();
    expect(client.state).toMatchObject({ status: "closed", cause: { close: { code } } });
  });

  test("by close codes of one's own, which are retried otherwise", async () => {
    const run = async (options: AuthOptions, code: number, answered: boolean): Promise<string> => {
      const { clock, server, client, started } = rig([auth("t", options)]);
      await started();
      if (answered) server.peer.send("ok");
      await clock.settle();
      server.peer.close(code);
      await clock.settle();
      const { status } = client.state;
      void client.close();
      return status;
    };
    expect(await run({ reply }, 4004, false)).toBe("waiting");
    expect(await run({ reply }, 4004, true)).toBe("waiting");
    expect(await run({ reply, closeCodes: [4004] }, 4004, false)).toBe("closed");
    expect(await run({ reply, closeCodes: [4004] }, 4004, true)).toBe("closed");
    expect(await run({ closeCodes: [1000] }, 1000, false)).toBe("closed");
    expect(await run({ closeCodes: [1000] }, 1001, false)).toBe("waiting");
  });

  test("unless the option shouldReconnect says otherwise", async () => {
    const { clock, server, client, started } = rig([auth("t", { reply })], {
      shouldReconnect: () => true,
    });
    await started();
    server.peer.send("no");
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    void client.close();
  });
});

test("a close that refuses nothing tells no token either", async () => {
  const { clock, server, errors, client, started } = rig([auth("sekret", { reply })]);
  await started();
  server.peer.close(1011, "cannot check sekret");
  await clock.settle();
  expect(errors[0]).toMatchObject({
    code: "CONNECTION_LOST",
    message: "Connection lost: close code 1011 'cannot check …'",
    close: { code: 1011, reason: "cannot check …" },
  });
  expect(client.state.status).toBe("waiting");
  void client.close();
});

test("a close that refuses nothing is retried", async () => {
  const { clock, server, errors, client, started } = rig([auth(tokens(), { reply })]);
  await started();
  server.peer.close(1001);
  await clock.settle();
  expect(errors[0]).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1001 } });
  expect(client.state.status).toBe("waiting");
  void client.close();
});

describe("with a token function a refusal is retried once with a fresh token", () => {
  /** Connects over and over while the server refuses; returns the tokens it saw. */
  async function refused(
    refuse: (peer: MemoryPeer) => void,
    options: AuthOptions,
  ): Promise<{ tokens: unknown; status: string }> {
    const { clock, server, client, started } = rig([auth(tokens(), options)]);
    server.onMessage((_, peer) => refuse(peer));
    await started();
    await clock.advance(100_000);
    const { status } = client.state;
    void client.close();
    await clock.settle();
    return { tokens: server.peers.map((peer) => peer.received), status };
  }

  test("by a message", async () => {
    expect(await refused((peer) => peer.send("no"), { reply })).toEqual({
      tokens: [["t1"], ["t2"]],
      status: "closed",
    });
  });

  test.each([1008, 4401, 4403])("by close code %i while it waits", async (code) => {
    expect(await refused((peer) => peer.close(code), { reply })).toEqual({
      tokens: [["t1"], ["t2"]],
      status: "closed",
    });
  });

  test.each([1008, 4401, 4403])("by close code %i right after", async (code) => {
    expect(await refused((peer) => peer.close(code), {})).toEqual({
      tokens: [["t1"], ["t2"]],
      status: "closed",
    });
  });

  test("by a close right after the token was accepted", async () => {
    const refuse = (peer: MemoryPeer): void => {
      peer.send("ok");
      peer.close(4403);
    };
    expect(await refused(refuse, { reply })).toEqual({
      tokens: [["t1"], ["t2"]],
      status: "closed",
    });
  });

  test("by a close code of one's own", async () => {
    expect(await refused((peer) => peer.close(4004), { closeCodes: [4004] })).toEqual({
      tokens: [["t1"], ["t2"]],
      status: "closed",
    });
  });

  test("which then is fatal with the second refusal as its cause", async () => {
    const { clock, server, client, errors, started } = rig([auth(tokens(), { reply })]);
    const connecting = await started();
    server.peer.send("no first");
    await clock.settle();
    expect(errors[0]!.message).toBe("Handshake 'auth' was refused: first");
    expect(client.state.status).toBe("waiting");
    await clock.advance(1000);
    server.peer.send("no second");
    await clock.settle();
    expect(connecting.error).toMatchObject({ message: "Handshake 'auth' was refused: second" });
    expect(client.state.status).toBe("closed");
  });

  test("also in a chain, whose step it names", async () => {
    const { clock, server, errors, started } = rig([
      chain(sendMessage("hello"), auth(tokens(), { reply, name: "login" })),
    ]);
    const connecting = await started();
    server.peer.send("no");
    await clock.settle();
    expect(errors[0]).toMatchObject({
      step: "login",
      message: "Handshake 'login' was refused",
    });
    await clock.advance(1000);
    server.peer.send("no");
    await clock.settle();
    expect(connecting.status).toBe("rejected");
    expect(server.peers.map((peer) => peer.received)).toEqual([
      ["hello", "t1"],
      ["hello", "t2"],
    ]);
  });

  test("but another handshake's refusal is not", async () => {
    const { client, started } = rig([
      auth(tokens()),
      {
        name: "other",
        handshake: () => Promise.reject(new HandshakeRejectedError("No", { step: "other" })),
      },
    ]);
    await started();
    expect(client.state.status).toBe("closed");
  });

  test("and again once that has succeeded", async () => {
    const { clock, server, client, started } = rig([auth(tokens(), { reply })]);
    await started();
    const redialed = () => clock.advanceTo((client.state as { readonly until: number }).until);
    for (let round = 0; round < 3; round++) {
      server.peer.send("no");
      await clock.settle();
      await redialed();
      server.peer.send("ok");
      await clock.settle();
      expect(client.isConnected).toBe(true);
      server.drop();
      await clock.settle();
      await redialed();
    }
    expect(server.peers).toHaveLength(7);
    void client.close();
  });

  test("and again once the token was good for five seconds", async () => {
    const run = async (lasted: number): Promise<string> => {
      const { clock, server, client, connected } = rig([auth(tokens())]);
      const peer = await connected();
      peer.close(4401);
      await clock.advance(1000);
      const since = client.state.status === "connected" ? client.state.since : NaN;
      await clock.advanceTo(since + lasted);
      server.peer.close(4401);
      await clock.settle();
      const { status } = client.state;
      void client.close();
      return status;
    };
    expect(await run(4_999)).toBe("closed");
    expect(await run(5_000)).toBe("waiting");
  });

  test("and again after the application reconnected", async () => {
    const { clock, server, client, connected } = rig([auth(tokens())]);
    const peer = await connected();
    peer.close(4401);
    await clock.advance(1000);
    client.reconnect();
    await clock.settle();
    server.peer.close(4401);
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    void client.close();
  });

  test("and again when the client starts afresh after giving up", async () => {
    const { clock, server, client, started } = rig([auth(tokens(), { reply })]);
    server.onMessage((_, peer) => peer.send("no"));
    await started();
    await clock.advance(1000);
    expect(client.state.status).toBe("closed");
    await started();
    await clock.advance(1000);
    expect(server.peers).toHaveLength(4);
  });
});
