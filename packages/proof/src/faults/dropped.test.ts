import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { heal, missingNetworks, networks, treat } from "./namespaces.ts";
import type { Networks } from "./namespaces.ts";
import { remote } from "./remote.ts";
import { ServerProcess } from "./server.ts";
import { Trial } from "./trial.ts";

const place = "Dropped packets";
/** The kernel doubles its wait with every loss of the same packet: one run in hundreds takes half a minute. */
const badLuck = 120_000;

/** A client and a server, each in a network of its own. */
async function apart(
  heartbeat: { readonly interval: number; readonly timeout: number } | null,
  connectTimeout: number,
): Promise<{ server: ServerProcess; trial: Trial } & { nets: Networks }> {
  const nets = await networks();
  const namespace = nets.server;
  const server = await ServerProcess.start({ namespace, host: namespace.address });
  const options = { url: server.url, heartbeat, connectTimeout };
  const trial = await Trial.begin(server, (tell) => remote(nets.client, options, tell));
  return { server, trial, nets };
}

/** Names of what the machine itself has: interfaces and tables of its packet filter. */
function ownNetwork(): string {
  const list = (program: string, args: string[]): string => execFileSync(program, args).toString();
  return list("ip", ["-brief", "link"]) + list("nft", ["list", "tables"]);
}

describe.skipIf(await missingNetworks())("in network namespaces", () => {
  test("the network of the machine itself stays as it is", async () => {
    const before = ownNetwork();
    const nets = await networks();
    treat(nets.client, "drop");
    treat(nets.server, "drop");
    expect(ownNetwork()).toBe(before);
  });

  test("a half-open connection looks alive until the heartbeat doubts it", async () => {
    const { trial, nets } = await apart({ interval: 500, timeout: 500 }, 2_000);
    await trial.fault(() => {
      treat(nets.client, "drop");
      treat(nets.server, "drop");
    });
    const last = trial.send(5);
    await trial.first("sent", ({ number }) => number === last);
    const { bufferedAmount } = await trial.lost({ name: "IdleTimeoutError", close: 1006 });
    // The kernel has taken all of it: nothing but silence tells.
    expect(bufferedAmount).toBe(0);
    trial.send(5);
    await trial.cure(() => {
      heal(nets.client);
      heal(nets.server);
    });
    await trial.again();
    const verdict = await trial.conclude(place, "half-open connection");
    expect(verdict.reported).toBe(0);
    expect(verdict.received + verdict.unknown).toBe(verdict.accepted);
  });

  test("a black-holed connect ends with the deadline for connecting", async () => {
    const { server, trial, nets } = await apart(null, 1_000);
    await trial.fault(() => {
      treat(nets.server, "tcp flags & (syn | ack) == syn drop");
      server.drop();
    });
    await trial.first("disconnected");
    trial.send(5);
    const { message } = await trial.failed({ name: "ConnectTimeoutError", phase: "tcp" });
    expect(message).toContain(`Connecting to ${server.url} took more than 1000 ms`);
    await trial.cure(() => heal(nets.server));
    await trial.again();
    const verdict = await trial.conclude(place, "black-holed connect");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test(
    "30 % loss slows the connection down and loses nothing",
    async () => {
      const { trial, nets } = await apart({ interval: 1_000, timeout: 60_000 }, 60_000);
      await trial.fault(() => treat(nets.server, "numgen random mod 100 < 30 drop"));
      trial.send(200, { bytes: 1_000 });
      await trial.settle();
      expect(trial.told.items.some(({ type }) => type === "disconnected")).toBe(false);
      await trial.cure(() => heal(nets.server));
      const verdict = await trial.conclude(place, "30 % loss");
      expect(verdict.received).toBe(verdict.accepted);
    },
    badLuck,
  );

  test(
    "30 % loss is got through by dials, too",
    async () => {
      const { server, trial, nets } = await apart(null, 60_000);
      await trial.fault(() => {
        treat(nets.server, "numgen random mod 100 < 30 drop");
        server.drop();
      });
      await trial.first("disconnected");
      trial.send(20);
      await trial.again();
      await trial.cure(() => heal(nets.server));
      const verdict = await trial.conclude(place, "30 % loss while dialling");
      expect(verdict.received).toBe(verdict.accepted);
    },
    badLuck,
  );
});
