import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { ConnectError, ConnectionLostError, HandshakeError } from "./errors.ts";
import { lightError } from "./light-error.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Something large that an error's frames work on. */
class Socket {
  fail(cause?: Error): Error {
    return new Error("it broke", { cause });
  }
}

/** An error, and whether what made it is still there. */
function broken(cause?: Error): { readonly error: Error; readonly socket: WeakRef<Socket> } {
  const socket = new Socket();
  return { error: socket.fail(cause), socket: new WeakRef(socket) };
}

async function isGone(ref: WeakRef<Socket>): Promise<boolean> {
  // A reference that was made or read in this turn of the event loop keeps its target.
  await new Promise<void>((resolve) => void systemClock.schedule(0, resolve));
  collect();
  return ref.deref() === undefined;
}

test("an error that is kept does not keep what its frames worked on, nor do its causes", async () => {
  const cause = broken();
  const outer = broken(cause.error);
  expect(lightError(outer.error)).toBe(outer.error);
  expect(await isGone(outer.socket)).toBe(true);
  expect(await isGone(cause.socket)).toBe(true);
  expect(outer.error.stack).toContain("it broke");
});

test("the reasons of lost connections and failed dials come without frames, all others with theirs", () => {
  const lost = new ConnectionLostError({ code: 1006, reason: "", wasClean: false });
  const failed = new ConnectError("no", { phase: "tcp", cause: new Error("deeper") });
  const refused = new HandshakeError("refused", { cause: lost });
  for (const error of [lost, failed, refused]) lightError(error);
  expect(lost.stack).toBe("ConnectionLostError: Connection lost: close code 1006");
  expect(failed.stack).toBe("ConnectError: no");
  expect((failed.cause as Error).stack).toContain("light-error.test");
  expect(refused.stack).toContain("light-error.test");
});

test("what is no error stays as it is", () => {
  for (const value of [undefined, null, "text", { stack: "none" }]) {
    expect(lightError(value)).toBe(value);
  }
});

test("causes that go in a circle, or cannot be read, do no harm", () => {
  const circle = new Error("circle");
  circle.cause = circle;
  expect(lightError(circle)).toBe(circle);
  const hostile = Object.defineProperty(new Error("hostile"), "stack", {
    get: () => {
      throw new Error("not for you");
    },
  });
  expect(lightError(hostile)).toBe(hostile);
});
