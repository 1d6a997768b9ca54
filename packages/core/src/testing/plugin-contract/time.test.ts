import { expect, test } from "vitest";
import { ConnectionLostError } from "../../errors.ts";
import { DROP } from "../../message.ts";
import type { Plugin, PluginContext } from "../../plugin.ts";
import { faultsOf } from "./test-kit.ts";

/** Gives up a connection on which nothing was received for so long, as far as its timers tell. */
function impatient(rests: boolean): () => Plugin {
  return () => ({
    name: "impatient",
    setup(context: PluginContext) {
      let stop = (): void => {};
      const look = (): void => {
        stop = context.clock.schedule(120_000, () => {
          if (!rests || !context.paused) {
            context.fail(new ConnectionLostError({ code: 1006, reason: "", wasClean: false }));
          }
          look();
        });
      };
      look();
      return () => stop();
    },
  });
}

test("a plugin that ends quiet connections is found", async () => {
  expect(Object.keys(await faultsOf(impatient(false)))).toEqual(
    expect.arrayContaining([
      "keeps a living connection through an hour of quiet",
      "keeps a living connection through a sleep of the machine",
      "keeps a connection whose receiving is paused",
    ]),
  );
});

test("a plugin whose deadlines rest while receiving is paused keeps that connection", async () => {
  expect(await faultsOf(impatient(true))).not.toHaveProperty([
    "keeps a connection whose receiving is paused",
  ]);
});

test("a plugin that takes every message leaves nothing to pause for", async () => {
  const plugin = (): Plugin => ({ name: "greedy", onMessage: () => DROP });
  expect(await faultsOf(plugin, { capabilities: { passes: false } })).toEqual({});
});

test("a plugin that pings the first connection only is found", async () => {
  const pinger = (everyOne: boolean) => (): Plugin => {
    let context: PluginContext | undefined;
    return {
      name: "pinger",
      setup: (given) => void (context = given),
      onConnected: ({ id }) => void ((everyOne || id === 1) && context?.ping(() => {})),
    };
  };
  const name = "pings every connection, if it pings one";
  expect(await faultsOf(pinger(false))).toEqual({
    [name]: expect.stringContaining("Connection 2 got no ping") as string,
  });
  expect(await faultsOf(pinger(true))).toEqual({});
});
