import { describe, expect, test } from "vitest";
import { ClientClosedError } from "./errors.ts";
import { once } from "./once.ts";
import { Parts } from "./parts.ts";
import { rig, watch } from "./test-kit.ts";
import { manualClock, memoryServer, memoryTransport } from "./testing/index.ts";
import type { ManualClock } from "./testing/index.ts";

function parts(): { readonly parts: Parts; readonly clock: ManualClock } {
  const clock = manualClock();
  const server = memoryServer();
  const plugins = [memoryTransport(server)];
  return { parts: new Parts(rig().client, { url: server.url, plugins, clock }), clock };
}

describe("once", () => {
  test("hears one event of its name", async () => {
    const { parts: client, clock } = parts();
    const next = watch(once(client, "lagged"));
    client.notifier.tell("drain", {});
    await clock.settle();
    expect(next.status).toBe("pending");
    client.notifier.tell("lagged", { skipped: 1 });
    client.notifier.tell("lagged", { skipped: 2 });
    await clock.settle();
    expect(next.value).toEqual({ skipped: 1 });
  });

  test("hears `closed` itself, and rejects for every other event", async () => {
    const { parts: client, clock } = parts();
    const closed = watch(once(client, "closed"));
    const other = watch(once(client, "lagged"));
    client.notifier.tell("closed", { cause: null });
    await clock.settle();
    expect(closed.value).toEqual({ cause: null });
    expect(other.error).toBeInstanceOf(ClientClosedError);
  });

  test("leaves no listener behind, however it ends", async () => {
    const { parts: client, clock } = parts();
    let listeners = 0;
    const on = client.notifier.on.bind(client.notifier);
    client.notifier.on = (event, listener) => {
      listeners++;
      const off = on(event, listener);
      return () => {
        listeners--;
        off();
      };
    };
    const abort = new AbortController();
    watch(once(client, "lagged"));
    watch(once(client, "drain", { timeout: 5 }));
    watch(once(client, "error", { signal: abort.signal }));
    watch(once(client, "open", { signal: AbortSignal.abort() }));
    await clock.settle();
    expect(listeners).toBe(6);
    client.notifier.tell("lagged", { skipped: 1 });
    await clock.settle();
    expect(listeners).toBe(4);
    await clock.advance(5);
    expect(listeners).toBe(2);
    abort.abort();
    await clock.settle();
    expect(listeners).toBe(0);
  });

  test("rejects at once when the client is closed", async () => {
    const { parts: client, clock } = parts();
    client.state = { status: "closed", cause: null };
    const late = watch(once(client, "lagged"));
    await clock.settle();
    expect(late.error).toBeInstanceOf(ClientClosedError);
  });
});
