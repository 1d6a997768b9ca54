import { expect, test } from "vitest";
import { memoryServer } from "../memory-server.ts";
import { memoryTransport } from "../memory-transport.ts";
import { PluginStage } from "./stage.ts";

test("a transport is sent to its own kit", () => {
  const plugin = (): ReturnType<typeof memoryTransport> => memoryTransport(memoryServer());
  expect(() => new PluginStage({ plugin })).toThrow(/transportContract/);
});

test("waiting fails with what was waited for, once no timer can change it", async () => {
  const stage = new PluginStage({ plugin: () => ({ name: "none" }) });
  await expect(
    stage.until(
      () => "a miracle",
      () => false,
    ),
  ).rejects.toThrow("Waited for a miracle; the client is idle");
});

test("a client that cannot connect is told with its errors", async () => {
  const stage = new PluginStage({
    plugin: () => ({ name: "no", handshake: () => Promise.reject(new Error("never")) }),
  });
  await expect(stage.connected()).rejects.toThrow(/never/);
  stage.abandon();
  expect(stage.client.state.status).toBe("closed");
});

test("a second socket is found", async () => {
  const stage = new PluginStage({ plugin: () => ({ name: "none" }) });
  await stage.connected();
  await stage.connected(stage.clientOf());
  await expect(stage.finish()).rejects.toThrow(/sockets left/);
});

test("a connection can be lost at a message, or before the first", async () => {
  const plugin = () => ({
    name: "two",
    async handshake(session: { send(text: string): void }) {
      session.send("one");
      session.send("two");
    },
  });
  const stage = new PluginStage({ plugin });
  stage.dropAt(2);
  await stage.connected();
  expect(stage.server.peers.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  const other = new PluginStage({ plugin });
  other.dropAt(0);
  await other.connected();
  expect(other.server.peers.map(({ received }) => received.length)).toEqual([0, 2]);
  await stage.finish();
  await other.finish();
});
