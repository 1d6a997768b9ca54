import { expect, test } from "vitest";
import { HandshakeError, HandshakeRejectedError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { Plugin } from "../../plugin.ts";
import { faultsOf } from "./test-kit.ts";

const tells = "tells no secret, whatever fails";
const secret = "hunter2";

/** Sends the secret and waits for an answer; `tell` makes an error of what went wrong. */
function login(tell: (error: unknown) => Error): () => Plugin {
  return () => ({
    name: "login",
    async handshake(session) {
      session.send(secret);
      try {
        await session.receive((message) => message === "welcome", { timeout: 1_000 });
      } catch (error) {
        throw tell(error);
      }
    },
  });
}

const harness = {
  secrets: [secret],
  serve: (message: unknown, peer: { send(text: string): boolean }): void => {
    if (message === secret) peer.send("welcome");
  },
};

test("a plugin that keeps its secret has no fault", async () => {
  expect(
    await faultsOf(
      login((cause) => new HandshakeError("no", { cause })),
      harness,
    ),
  ).toEqual({});
});

test("a secret that is quoted when a message refuses it is found", async () => {
  const quotes: ((message: Message) => string)[] = [
    (message) => `the server said ${String(message)}`,
    (message) => (message === "no" ? `${secret} was refused` : "refused"),
    (message) => (message.includes("error" as never) ? `${secret} was refused` : "refused"),
    (message) => (typeof message === "string" ? "refused" : `${secret} was refused`),
  ];
  for (const quote of quotes) {
    const plugin = (): Plugin => ({
      name: "login",
      async handshake(session) {
        session.send(secret);
        const answer = await session.receive(() => true, { timeout: 1_000 });
        if (answer !== "welcome") throw new HandshakeRejectedError(quote(answer));
      },
    });
    expect(Object.keys(await faultsOf(plugin, harness))).toEqual([tells]);
  }
});

test("a secret in a message, a cause or a property is found, and not repeated", async () => {
  const leaks: ((error: unknown) => Error)[] = [
    () => new HandshakeError(`${secret} was refused`),
    () => new HandshakeError("no", { cause: new Error(secret) }),
    () => Object.assign(new HandshakeError("no"), { given: { token: secret } }),
  ];
  for (const leak of leaks) {
    const faults = await faultsOf(login(leak), harness);
    expect(Object.keys(faults)).toEqual([tells]);
    expect(faults[tells]).not.toContain(secret);
  }
});
