import { describe, expect, test } from "vitest";
import { ConnectError } from "./errors.ts";
import type { ClientOptions } from "./index.ts";
import type { Link } from "./link.ts";
import { Outage } from "./outage.ts";
import { Parts } from "./parts.ts";
import { rig } from "./test-kit.ts";
import { manualClock, memoryServer, memoryTransport } from "./testing/index.ts";

const cause = new ConnectError("refused", { phase: "tcp" });
function parts(options: Partial<ClientOptions> = {}): Parts {
  const server = memoryServer();
  const plugins = [memoryTransport(server)];
  return new Parts(rig().client, { url: server.url, plugins, clock: manualClock(), ...options });
}

describe("the parts of a client", () => {
  test("know why it ended, if it did", () => {
    const client = parts();
    expect(client.causeOfEnd).toBe(null);
    expect("cause" in client.closedError).toBe(false);
    client.state = { status: "closed", cause };
    expect(client.causeOfEnd).toBe(cause);
    expect(client.closedError.cause).toBe(cause);
  });

  test("show a URL without its secrets, as soon as there is one", () => {
    expect(parts({ url: "ws://a:b@server.test/?key=c" }).url).toBe("ws://***@server.test/?key=***");
    const client = parts({ url: () => "ws://server.test/" });
    expect(client.url).toBe("");
    client.resolved("ws://server.test/?key=c");
    expect(client.url).toBe("ws://server.test/?key=***");
  });

  test("charge a fault to the connection that it belongs to", () => {
    const client = parts({ pluginErrorPolicy: "disconnect" });
    const lost: number[] = [];
    const link = (attempt: number) =>
      ({ attempt, lose: () => lost.push(attempt) }) as unknown as Link;
    const [old, young, next] = [link(1), link(2), link(3)];
    client.link = young;
    const attempts: number[] = [];
    client.notifier.on("error", ({ attempt }) => {
      attempts.push(attempt);
      // As a listener does that dials anew.
      client.link = next;
    });
    const entry = { plugin: { name: "p" }, name: "p" };
    client.fault(entry, "onMessage", new Error("late"), old);
    expect(lost).toEqual([1]);
    client.link = young;
    client.fault(entry, "onMessage", new Error("now"));
    expect(lost).toEqual([1, 2]);
    expect(attempts).toEqual([1, 2]);
  });

  test("count and tell errors, under the attempt that is under way", () => {
    const client = parts();
    const told: unknown[] = [];
    client.notifier.on("error", (event) => told.push(event));
    client.report(cause);
    client.report(cause, 7);
    client.outage = new Outage(client);
    client.outage.retries = 3;
    client.report(cause);
    expect(told).toEqual([
      { error: cause, attempt: 0 },
      { error: cause, attempt: 7 },
      { error: cause, attempt: 3 },
    ]);
    expect(client.totals).toMatchObject({ errorCount: 3, lastError: cause });
  });
});
