import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  HandshakeTimeoutError,
  sendMessage,
  type SendMessageOptions,
  type Sendable,
} from "./index.ts";
import { rig, watch } from "./test-kit.ts";

describe("sendMessage", () => {
  test("sends one message on every connection and waits for nothing", async () => {
    const { server, clock, connected } = rig({ plugins: [sendMessage("hello")] });
    await connected();
    server.drop();
    await clock.advance(1000);
    expect(server.peers.map((peer) => peer.received)).toEqual([["hello"], ["hello"]]);
  });

  test("sends bytes as well", async () => {
    const { server, connected } = rig({ plugins: [sendMessage(Uint8Array.of(1, 2).buffer)] });
    await connected();
    expect(server.peer.received).toEqual([Uint8Array.of(1, 2)]);
  });

  test("with a reply waits for any answer, which is then nobody else's", async () => {
    const { client, server, clock, told } = rig({
      plugins: [sendMessage("hello", { reply: true })],
    });
    watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    server.peer.send("anything");
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(told("message")).toEqual([]);
  });

  test("with a function waits for the answer that it accepts", async () => {
    const { client, server, clock, told } = rig({
      plugins: [sendMessage("hello", { reply: (message) => message === "welcome" })],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.send("news");
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    server.peer.send("welcome");
    await clock.settle();
    expect(told("message")).toEqual(["news"]);
  });

  test("waits for handshakeTimeout, or for its own timeout", async () => {
    for (const [timeout, expected] of [
      [undefined, 40],
      [70, 70],
    ] as const) {
      const { client, clock, told } = rig({
        handshakeTimeout: 40,
        plugins: [sendMessage("hello", { reply: true, timeout, name: "greeting" })],
      });
      watch(client.connect());
      await clock.advance(expected - 1);
      expect(told("error")).toEqual([]);
      await clock.advance(1);
      expect(told("error")[0]?.error).toBeInstanceOf(HandshakeTimeoutError);
      expect(told("error")[0]?.error.message).toBe(
        `Handshake 'greeting' timed out after ${expected} ms`,
      );
    }
  });

  test("keeps its own timeout in an exchange; 0 is none", async () => {
    for (const timeout of [20, 0]) {
      const step = sendMessage("?", { reply: true, timeout });
      let ask: (() => Promise<unknown>) | undefined;
      const { clock, connected } = rig({
        plugins: [
          {
            name: "keeper",
            setup(context) {
              ask = () => context.exchange((session) => step.handshake(session), { timeout: 50 });
            },
          },
        ],
      });
      await connected();
      const asking = watch(ask!());
      await clock.advance(20);
      expect(asking.status).toBe(timeout === 20 ? "rejected" : "pending");
      await clock.advance(30);
      expect(asking.error).toBeInstanceOf(HandshakeTimeoutError);
    }
  });

  test("is named send-message unless told otherwise", () => {
    expect(sendMessage("a").name).toBe("send-message");
    expect(sendMessage("a", { name: "login" }).name).toBe("login");
  });

  test("refuses at once what is no message", () => {
    expect(() => sendMessage(7 as unknown as Sendable)).toThrow(TypeError);
  });

  test("refuses at once options that cannot work; all faults are told at once", () => {
    const faultsOf = (options: unknown): readonly string[] => {
      try {
        sendMessage("a", options as SendMessageOptions);
      } catch (error) {
        if (error instanceof ConfigurationError) return error.faults;
        throw error;
      }
      return [];
    };
    expect(faultsOf({ reply: "ok", timeout: -5, name: "", retry: true })).toEqual([
      "sendMessage.reply: true, false or a function that knows the answer is needed, not 'ok'",
      "sendMessage.timeout: a number of milliseconds, 0 or more, is needed, not -5",
      "sendMessage.name: a text that is not empty is needed, not ''",
      "sendMessage.retry: there is no such option",
    ]);
    expect(faultsOf(null)).toEqual(["sendMessage: an object is needed, not null"]);
    expect(faultsOf({ reply: undefined, timeout: undefined, name: undefined })).toEqual([]);
  });
});
