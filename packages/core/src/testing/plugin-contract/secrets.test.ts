import { expect, test } from "vitest";
import { HandshakeError } from "../../errors.ts";
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
