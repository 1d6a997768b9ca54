import { expect, test } from "vitest";
import { DROP, type Message } from "../../message.ts";
import type { Plugin } from "../../plugin.ts";
import { faultsOf } from "./test-kit.ts";

const toServer = "passes the application's messages to the server, in order and once";
const toApplication = "passes the server's messages to the application, in order and once";
const inTurn = "delivers a message in the turn in which it arrives";
const stands = "stands every message that a server may send";

const found = async (hooks: Omit<Plugin, "name">): Promise<readonly string[]> =>
  Object.keys(await faultsOf(() => ({ name: "broken", ...hooks })));

test("a plugin that swallows, changes or doubles what it is given is found", async () => {
  expect(await found({ onSend: (message) => (message === "" ? DROP : message) })).toEqual([
    toServer,
  ]);
  expect(await found({ onSend: (message) => String(message) })).toEqual([toServer]);
  expect(await found({ onMessage: (message) => [message, message] })).toEqual([
    toApplication,
    inTurn,
  ]);
  expect(await found({ onMessage: (message) => (message === "text" ? DROP : message) })).toContain(
    toApplication,
  );
});

test("a plugin that changes bytes in place is found, in either direction", async () => {
  const change = (message: Message): Message => {
    if (typeof message !== "string") message.fill(7);
    return message;
  };
  expect(await found({ onSend: change })).toEqual([toServer]);
  expect(await found({ onMessage: change })).toEqual([toApplication]);
  expect(await found({ onSend: change, onMessage: change })).toEqual([toServer, toApplication]);
});

test("a plugin that changes the order is found", async () => {
  let held: Message | undefined;
  const onMessage = (message: Message): Message | readonly Message[] | typeof DROP => {
    if (held === undefined) {
      held = message;
      return DROP;
    }
    const answer = [message, held];
    held = undefined;
    return answer;
  };
  expect(await found({ onMessage })).toContain(toApplication);
});

test("a plugin that answers with promises must say so", async () => {
  expect(await found({ onMessage: async (message) => message })).toEqual([inTurn]);
  const plugin = (): Plugin => ({ name: "slow", onMessage: async (message) => message });
  expect(await faultsOf(plugin, { capabilities: { synchronous: false } })).toEqual({});
});

test("a plugin that trusts the server is found", async () => {
  const onMessage = (message: Message): void => {
    if (typeof message === "string" && message !== "") JSON.parse(message);
  };
  expect(await found({ onMessage })).toContain(stands);
});
