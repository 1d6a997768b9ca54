import { afterAll, beforeAll, expect, test } from "vitest";
import { LoadServer } from "../load/server.ts";
import type { Task } from "../task.ts";
import { bundle, findChromium, inChromium } from "./in-chromium.ts";

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    "SKIPPED: there is no Chromium to measure in; apt-get install chromium, or set CHROMIUM_PATH",
  );
}

const server = new LoadServer();
let port = 0;
beforeAll(async () => {
  port = await server.listen();
});
afterAll(() => server.close());

const task: Task = {
  kind: "receive",
  size: 64,
  data: "text",
  dialect: "plain",
  deflate: false,
  extent: { warmUp: 0, span: 0, step: 5 },
};

test.skipIf(chromium === undefined)(
  "Works are done in Chromium",
  { timeout: 120_000 },
  async () => {
    const script = await bundle(new URL("../page.ts", import.meta.url), [
      "@stream-tungstenite/source",
    ]);
    const doJob = inChromium(chromium!, script);
    for (const subject of ["platform", "tungstenite"] as const) {
      const sample = await doJob({ subject, task, port }, "");
      expect(sample["rate"]).toBeGreaterThan(0);
    }
  },
);
