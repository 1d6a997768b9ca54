import { expect, test } from "vitest";
import { environment } from "./environment.ts";
import { environmentRig } from "./testing/environment-rig.ts";

// The events are made up, but told to the page's own window and document.
const window = globalThis as unknown as EventTarget & { readonly document: EventTarget };
const { document } = window;
const transition = (type: string): Event => Object.assign(new Event(type), { persisted: true });

test("listens to the window, and through it to the document", async () => {
  const { client, probes, connected } = environmentRig({ instead: [environment()] });
  await connected();
  const told: [EventTarget, string][] = [
    [window, "online"],
    [window, "offline"],
    [document, "visibilitychange"],
    [document, "resume"],
  ];
  for (const [target, type] of told) target.dispatchEvent(new Event(type));
  expect(probes()).toBe(4);
  await client.close();
  for (const [target, type] of told) target.dispatchEvent(new Event(type));
  expect(probes()).toBe(4);
});

test("closes for the back/forward cache, and dials when the page comes out of it", async () => {
  const kit = environmentRig({ instead: [environment()] });
  const { clock, client, server, errors, connected } = kit;
  await connected();
  window.dispatchEvent(transition("pagehide"));
  await clock.settle();
  expect(server.peer.closeFrame?.code).toBe(1000);
  expect(client.state.status).toBe("idle");
  window.dispatchEvent(transition("pageshow"));
  await clock.settle();
  expect([client.isConnected, errors]).toEqual([true, []]);
  await client.close();
});

test("believes the browser that there is a network", async () => {
  const { client, waits, outage } = environmentRig({ instead: [environment()] });
  await outage();
  expect(waits[0]?.delay).toBe(20_000);
  await client.close();
});
