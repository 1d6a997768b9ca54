import {
  ConfigurationError,
  ConnectError,
  ConnectionLostError,
  HandshakeRejectedError,
  PluginError,
  RetriesExhaustedError,
} from "@stream-tungstenite/core";
import type { ClientState, StreamTungsteniteError } from "@stream-tungstenite/core";
import { expect, test } from "vitest";
import { causeOf } from "./last-cause.ts";

const lost = new ConnectionLostError({ code: 1006, reason: "", wasClean: false });
const closed = (cause: StreamTungsteniteError | null): ClientState => ({ status: "closed", cause });

test("the cause of a wait is why it waits", () => {
  expect(causeOf({ status: "waiting", attempt: 1, delay: 0, until: 0, cause: lost })).toBe(lost);
});

test.each([
  lost,
  new ConnectError("refused", { phase: "tcp" }),
  new HandshakeRejectedError("no"),
  new PluginError("codec", "onMessage", { cause: "broken" }),
])("a client that gave up because of %s names it", (cause) => {
  expect(causeOf(closed(cause))).toBe(cause);
});

test("running out of retries is no cause: the last failure is", () => {
  expect(causeOf(closed(new RetriesExhaustedError(3, 1_000, { cause: lost })))).toBe(lost);
});

test.each<ClientState>([
  { status: "idle" },
  { status: "connecting", attempt: 0 },
  { status: "handshaking", attempt: 0, step: "auth" },
  { status: "connected", id: 1, since: 0 },
  { status: "closing", next: "idle" },
  closed(null),
  closed(new ConfigurationError(["plugins: in use"])),
])("no connection and no dial failed for %o", (state) => {
  expect(causeOf(state)).toBeUndefined();
});
