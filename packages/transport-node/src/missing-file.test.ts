import { inspect } from "node:util";
import { freePort } from "rig/free-port";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport } from "./index.ts";
import { dial } from "./testing/dial.ts";

vi.mock("./failure.ts", () => {
  throw new Error("The file is missing");
});

describe("where what explains failures cannot be loaded, a dial still tells", () => {
  test("of a URL that is none, without quoting it", async () => {
    const { error } = await dial(nodeTransport(), "not a URL?token=s3cret").closed;
    expect(error).toMatchObject({ message: "not a URL" });
    expect(inspect(error, { showHidden: true })).not.toContain("s3cret");
  });

  test("of what ws refuses", async () => {
    const { error } = await dial(nodeTransport(), "ws://127.0.0.1:9/?token=s3cret#part").closed;
    expect(error).toMatchObject({ message: expect.stringContaining("fragment") });
    expect(inspect(error, { showHidden: true })).not.toContain("s3cret");
  });

  test("of the network", async () => {
    const { error } = await dial(nodeTransport(), `ws://127.0.0.1:${await freePort()}/`).closed;
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });
});
