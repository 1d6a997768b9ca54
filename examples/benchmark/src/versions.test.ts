import { expect, test } from "vitest";
import { installedVersions } from "./versions.ts";

test("The versions of the peers are known, and those that say nothing are left out", () => {
  const versions = installedVersions();
  const peers = ["ws", "partysocket", "websocket-ts", "graphql-ws", "socket.io-client"];
  for (const peer of peers) expect(versions[peer], `version of ${peer}`).toMatch(/^\d+\.\d+\.\d+/);
  expect(Object.values(versions)).not.toContain("0.0.0");
});
