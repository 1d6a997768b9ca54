import { isStreamTungsteniteError, type ConnectError } from "../../errors.ts";
import { check, same } from "./assert.ts";
import type { Probe } from "./probe.ts";
import { roundTrip, type Case, type Stage } from "./stage.ts";

const secret = "s3cret";

/** Dials, their success and their failure. */
export const opening: readonly Case[] = [
  {
    name: "opens once, with no subprotocol where none was offered",
    async run(stage) {
      const { probe } = await stage.open();
      const { protocol, extensions } = await probe.opened();
      same(protocol, "", "protocol");
      same(typeof extensions, "string", "type of extensions");
      same(probe.bufferedAmount, 0, "bufferedAmount after open");
    },
  },
  {
    name: "tells the subprotocol that the server chose",
    async run(stage) {
      const protocols = ["first.v1", "second.v2"];
      for (const protocol of protocols.toReversed()) {
        await stage.server.answerNext({ type: "accept", protocol });
        const { probe } = await stage.open({ protocols });
        same((await probe.opened()).protocol, protocol, "protocol");
      }
    },
  },
  {
    name: "a message that comes with the server's answer is received after onOpen",
    async run(stage) {
      await stage.server.answerNext({ type: "accept", greeting: "welcome" });
      const probe = stage.dial();
      same(await probe.message(0), "welcome", "what the client received");
    },
  },
  {
    name: "has the methods it claims and none it cannot serve",
    async run(stage) {
      const { probe } = await stage.open();
      for (const method of ["ping", "pause", "flush"] as const) {
        const expected = (stage.capabilities[method] ?? true) ? "function" : "undefined";
        same(typeof probe.connection[method], expected, `type of ${method}`);
      }
      same(typeof probe.connection.resume, typeof probe.connection.pause, "type of resume");
    },
  },
  {
    name: "one transport keeps several connections apart",
    async run(stage) {
      const first = await stage.open();
      const second = await stage.open();
      await roundTrip(second.probe, second.peer);
      first.probe.terminate();
      await first.probe.end();
      await roundTrip(second.probe, second.peer);
      same(first.probe.recorder.messages.length, 0, "messages of the first");
      same(second.probe.recorder.messages.length, 2, "messages of the second");
    },
  },
  {
    name: "a refused TCP connection ends with onClose alone",
    async run(stage) {
      const error = await failed(stage, stage.dial({ url: stage.server.nowhere }));
      if (error) same(error.phase, "tcp", "phase");
    },
  },
  {
    name: "an HTTP refusal ends with onClose alone and tells status and Retry-After",
    async run(stage) {
      await stage.server.answerNext({ type: "refuse", status: 503, retryAfter: 7 });
      const error = await failed(stage, stage.dial());
      if (!error) return;
      same(error.phase, "upgrade", "phase");
      same(error.status, 503, "status");
      same(error.retryAfter, 7_000, "retryAfter");
      same(error.retryable, true, "retryable");
    },
  },
  {
    name: "an HTTP refusal for good is not worth a retry",
    needs: ["errors"],
    async run(stage) {
      await stage.server.answerNext({ type: "refuse", status: 404 });
      const error = await failed(stage, stage.dial());
      same(error?.status, 404, "status");
      same(error?.retryAfter, undefined, "retryAfter");
      same(error?.retryable, false, "retryable");
    },
  },
  {
    name: "a drop during the opening handshake ends with onClose alone",
    async run(stage) {
      await stage.server.answerNext({ type: "drop" });
      const error = await failed(stage, stage.dial());
      if (error) same(error.retryable, true, "retryable");
    },
  },
  {
    name: "no error of a dial quotes the query of its URL",
    async run(stage) {
      // Not 401: after one the `WebSocket` of Node 24 dials a second time by itself.
      await stage.server.answerNext({ type: "refuse", status: 403 });
      for (const base of [stage.server.url, stage.server.nowhere]) {
        const url = new URL(base);
        url.searchParams.set("token", secret);
        const probe = stage.dial({ url: url.href });
        await failed(stage, probe);
        for (
          let error = probe.recorder.closed?.error;
          error instanceof Error;
          error = error.cause
        ) {
          check(!error.message.includes(secret), `An error quotes the query: ${error.name}`);
        }
      }
    },
  },
  {
    name: "dials again after a failure",
    async run(stage) {
      await stage.server.answerNext({ type: "refuse", status: 503 });
      await failed(stage, stage.dial());
      const { probe, peer } = await stage.open({ attempt: 1 });
      await roundTrip(probe, peer);
    },
  },
  ...(["close", "terminate"] as const).flatMap((method): Case[] => [
    {
      name: `${method}() straight after connect ends the dial`,
      async run(stage) {
        await stage.server.answerNext({ type: "hold" });
        const probe = stage.dial();
        probe[method]();
        await neverOpened(probe);
        // Whether or not it ever reached the server: the next dial must find another answer.
        await stage.server.answerNext({ type: "accept" });
      },
    },
    {
      name: `${method}() while the server does not answer ends the dial`,
      async run(stage) {
        await stage.server.answerNext({ type: "hold" });
        const probe = stage.dial();
        await stage.server.held();
        const { phase = "unknown" } = probe.connection;
        // A dial that takes too long says it, since it has no error of its own.
        if (stage.capabilities.errors ?? true) check(phase !== "unknown", "phase: it tells none");
        probe[method]();
        await neverOpened(probe);
      },
    },
  ]),
  {
    name: "aborting the request's signal ends the dial",
    async run(stage) {
      const controller = new AbortController();
      await stage.server.answerNext({ type: "hold" });
      const probe = stage.dial({ signal: controller.signal });
      await stage.server.held();
      controller.abort(new Error("no longer wanted"));
      await neverOpened(probe);
    },
  },
  {
    name: "a signal that is aborted already ends the dial",
    async run(stage) {
      const controller = new AbortController();
      controller.abort(new Error("no longer wanted"));
      await neverOpened(stage.dial({ signal: controller.signal }));
    },
  },
  {
    name: "aborting the request's signal after open changes nothing",
    async run(stage) {
      const controller = new AbortController();
      const { probe, peer } = await stage.open({ signal: controller.signal });
      controller.abort(new Error("too late"));
      await roundTrip(probe, peer);
    },
  },
];

async function neverOpened(probe: Probe): Promise<void> {
  const { code, wasClean } = await probe.end();
  same(code, 1006, "close code");
  same(wasClean, false, "wasClean");
  same(probe.recorder.opened, undefined, "onOpen");
}

/** The dial's error, where the runtime tells one. */
async function failed(stage: Stage, probe: Probe): Promise<ConnectError | undefined> {
  await neverOpened(probe);
  if (stage.capabilities.errors === false) return undefined;
  const { error } = await probe.end();
  check(
    isStreamTungsteniteError(error) && "phase" in error,
    "A failed dial's error is no ConnectError",
  );
  return error as ConnectError;
}
