import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { connectControl, type Control } from "./connect-control.ts";
import { controlServer, type ControlServer } from "./control-server.ts";

const Socket = WebSocket as unknown as typeof globalThis.WebSocket;

describe("the line to the servers", () => {
  const reports: unknown[] = [];
  let server: ControlServer;
  let control: Control;

  beforeAll(async () => {
    server = await controlServer((report) => reports.push(report));
    control = await connectControl(server.url, Socket);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("carries reports", async () => {
    await control.report({ passed: 1 });
    expect(reports).toEqual([{ passed: 1 }]);
  });

  test("tells what the request's headers were", async () => {
    const remote = await control.server();
    const ws = new WebSocket(remote.url, { headers: { "x-test": "yes" } });
    expect((await remote.nextPeer()).headers["x-test"]).toBe("yes");
    ws.terminate();
    await remote.close();
  });

  test("stops a server and starts it again at the same URL", async () => {
    const remote = await control.server();
    await remote.stop();
    const refused = new WebSocket(remote.url);
    await new Promise((resolve) => refused.on("error", resolve));
    await remote.start();
    const accepted = new WebSocket(remote.url);
    await remote.nextPeer();
    accepted.terminate();
    await remote.close();
  });

  test("tells the error of a command", async () => {
    const remote = await control.server();
    const ws = new WebSocket(remote.url);
    const peer = await remote.nextPeer();
    await peer.drop();
    await expect(peer.next()).rejects.toThrow("Closed with 1006");
    ws.on("close", () => {});
    await remote.close();
  });

  test("rejects what is under way when the line is lost", async () => {
    const other = await controlServer(() => {});
    const line = await connectControl(other.url, Socket);
    const waiting = (await line.server()).nextPeer();
    await other[Symbol.asyncDispose]();
    await expect(waiting).rejects.toThrow("The line to the servers was lost");
    await expect(line.server()).rejects.toThrow("The line to the servers was lost");
    await expect(connectControl(other.url, Socket)).rejects.toThrow(
      "The line to the servers was lost",
    );
  });
});
