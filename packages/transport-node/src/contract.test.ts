import { transportContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { nodeTransport } from "./index.ts";
import { contractServer } from "./testing/contract-server.ts";

describe("nodeTransport keeps the transport contract", () => {
  const harness = { transport: () => nodeTransport(), server: contractServer };
  for (const { name, skip, run } of transportContract(harness)) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});

describe("nodeTransport keeps the transport contract with compression", () => {
  const transport = () => nodeTransport({ perMessageDeflate: { threshold: 0 } });
  // What compresses well never piles up: cases that need it to say nothing here.
  const harness = { transport, server: contractServer, capabilities: { drain: false } };
  const cases = transportContract(harness).filter(({ skip }) => skip === undefined);
  for (const { name, run } of cases) test(name, run);
});
