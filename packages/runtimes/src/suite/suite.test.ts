import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { connectControl, type Control } from "../control/connect-control.ts";
import { controlServer, type ControlServer } from "../control/control-server.ts";
import { nodeContestants } from "./node-contestants.ts";
import { suites } from "./suite.ts";

let server: ControlServer;
let control: Control;
beforeAll(async () => {
  server = await controlServer(() => {});
  control = await connectControl(server.url, WebSocket as unknown as typeof globalThis.WebSocket);
});
afterAll(() => server[Symbol.asyncDispose]());

const all = suites(nodeContestants, async () => control);

for (const { contestant, kind, cases } of all) {
  describe(`${contestant.name}: ${kind}`, () => {
    for (const { name, run } of cases) test(name, run);
  });
}

test("every case of the contract applies to nodeTransport", () => {
  expect(all[0]).toMatchObject({ kind: "contract", notApplicable: 0 });
});
