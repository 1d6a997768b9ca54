import { describe, expect, test } from "vitest";
import { askTarget, dialError } from "./dial.ts";
import { ConnectError } from "./errors.ts";
import type { Resolved } from "./options.ts";
import { rig, watch } from "./test-kit.ts";
import type { Transport } from "./plugin.ts";

const url = "wss://user:secret@example.com/?token=secret";
const close = (error?: unknown) => ({ code: 1006, reason: "", wasClean: false, error });

describe("the target of a dial", () => {
  const context = { attempt: 3, signal: new AbortController().signal };
  const ask = (options: Partial<Resolved>) =>
    askTarget({ protocols: [], ...options } as Resolved, context);

  test("is what the functions answer, asked with the attempt", async () => {
    const url = ({ attempt }: { readonly attempt: number }): URL =>
      new URL(`https://a.test/${attempt}`);
    const protocols = async ({ attempt }: { readonly attempt: number }): Promise<string[]> => [
      `v${attempt}`,
    ];
    expect(await ask({ url, protocols })).toEqual({ url: "wss://a.test/3", protocols: ["v3"] });
  });

  test("that can be none is a ConnectError that is not retried", async () => {
    await expect(ask({ url: () => "ftp://a.test/" })).rejects.toMatchObject({
      code: "CONNECT",
      phase: "url",
      retryable: false,
      message: "'ftp://a.test/' is neither ws: nor wss:",
    });
    await expect(
      ask({ url: "ws://a.test/", protocols: () => ["", "a", "a"] }),
    ).rejects.toMatchObject({
      code: "CONNECT",
      phase: "options",
      retryable: false,
      message: "protocols[0] is not a subprotocol; protocols[2] is there twice",
    });
  });
});

describe("the error of a failed dial", () => {
  test("is the transport's own ConnectError, of another copy of the package too", () => {
    const own = new ConnectError("refused", { phase: "tcp" });
    expect(dialError(url, close(own))).toBe(own);
    const foreign = Object.assign(new Error("refused"), {
      [Symbol.for("@stream-tungstenite/error")]: true,
      phase: "tls",
    });
    expect(dialError(url, close(foreign))).toBe(foreign);
  });

  test("is otherwise one of phase unknown, retried, with the original as its cause", () => {
    const cause = new Error(`cannot reach ${url} now`);
    const error = dialError(url, close(cause));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ phase: "unknown", retryable: true, cause });
    expect(error.message).toBe(
      "Connecting to wss://***@example.com/?token=*** failed: cannot reach wss://***@example.com/?token=*** now",
    );
  });

  test("says the close code when the transport told no reason", () => {
    expect(dialError("ws://a.test/", close()).message).toBe(
      "Connecting to ws://a.test/ failed: close code 1006",
    );
    expect(dialError("ws://a.test/", close("odd")).message).toBe(
      "Connecting to ws://a.test/ failed: close code 1006",
    );
  });

  test("is fatal when its cause says so", () => {
    const cause = Object.assign(new Error("bad options"), { retryable: false });
    expect(dialError(url, close(cause)).retryable).toBe(false);
  });
});

describe("a transport", () => {
  const failing = (error: Error): Transport => ({
    name: "failing",
    connect() {
      throw error;
    },
  });

  test("that throws from connect fails the attempt, which is retried", async () => {
    const { createClient } = await import("./index.ts");
    const { clock } = rig();
    const client = createClient({
      url: "ws://server.test/",
      plugins: [failing(new Error("no socket"))],
      clock,
    });
    const errors: Error[] = [];
    client.on("error", ({ error }) => errors.push(error));
    watch(client.connect());
    await clock.settle();
    expect(errors[0]?.message).toBe("Connecting to ws://server.test/ failed: no socket");
    expect(client.state.status).toBe("waiting");
  });

  test("that tells nothing fails it with its close code", async () => {
    const { client, server, clock, told } = rig({ transport: { errors: false } });
    server.script((dial) => dial.fail("tcp"));
    watch(client.connect());
    await clock.settle();
    expect(told("error")[0]?.error).toMatchObject({ code: "CONNECT", phase: "unknown" });
  });
});
