import { transportContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { nodeTransport } from "./index.ts";
import { contractServer } from "./testing/contract-server.ts";

describe.each([
  ["as it is", {}],
  ["with compression", { perMessageDeflate: { threshold: 0 } }],
])("nodeTransport keeps the transport contract, %s", (_, options) => {
  const harness = { transport: () => nodeTransport(options), server: contractServer };
  for (const { name, skip, run } of transportContract(harness)) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
