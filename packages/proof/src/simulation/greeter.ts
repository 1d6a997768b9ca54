import { HandshakeRejectedError } from "@stream-tungstenite/core";
import type { Handshake, HandshakeSession, Message } from "@stream-tungstenite/core";
import type { Talk } from "./schedule.ts";
import type { Scene } from "./scene.ts";

/** A handshake that goes as the schedule says at that time. */
export function greeter(scene: Scene, name: string): Handshake {
  const { greetings, journal } = scene;
  const { handshakeTimeout } = scene.settings;
  const plugin: Handshake = {
    name,
    ...(handshakeTimeout === undefined ? {} : { handshakeTimeout }),
    async handshake(session) {
      if (greetings.active) journal.breaks("two handshakes at a time");
      if (session.connectionId !== scene.lifecycle.opened)
        journal.breaks("a handshake on an old socket");
      greetings.active = plugin;
      const over = (): void => {
        if (greetings.active === plugin) greetings.active = null;
      };
      session.signal.addEventListener("abort", over);
      scene.react("handshake");
      journal.saw(`handshake: ${scene.modes.talk}`);
      journal.note(`handshake '${name}': ${scene.modes.talk}`);
      await speak(scene, session, scene.modes.talk);
      if (session.connectionId === scene.lifecycle.opened) greetings.due.delete(plugin);
      over();
    },
  };
  return plugin;
}

/** What a handshake, or an exchange, says. */
export async function speak(scene: Scene, session: HandshakeSession, talk: Talk): Promise<void> {
  const { arrivals } = scene;
  const ask = async (timeout?: number): Promise<Message> => {
    session.send(`q${session.connectionId}:`);
    const message = await session.receive(undefined, { timeout });
    arrivals.claimed(message);
    return message;
  };
  switch (talk) {
    case "ask":
      return void (await ask());
    case "ask-twice":
      return void (await Promise.all([ask(), ask()]));
    case "hang":
      return new Promise(() => {});
    case "refuse":
      throw new HandshakeRejectedError("refused");
    case "fail":
      throw new Error("failed");
    case "swallow":
      return void (await ask(20).catch(() => {}));
    case "impatient":
      await ask(10).catch(() => {});
      return void (await ask());
    default:
      return undefined;
  }
}
