import type { Extension, Message, PluginList } from "@stream-tungstenite/core";
import { expectTypeOf, test } from "vitest";
import { heartbeat } from "./index.ts";
import type { Heartbeat, HeartbeatOptions } from "./index.ts";

test("is an extension that tells what it has measured", () => {
  expectTypeOf(heartbeat).returns.toEqualTypeOf<Heartbeat>();
  expectTypeOf<Heartbeat>().toExtend<Extension>();
  expectTypeOf<Heartbeat>().toExtend<PluginList[number]>();
  expectTypeOf<Heartbeat["rtt"]>().toEqualTypeOf<number | null>();
  expectTypeOf<Heartbeat["rttVariation"]>().toEqualTypeOf<number | null>();
});

test("every option may be left out or undefined", () => {
  expectTypeOf(heartbeat).toBeCallableWith();
  expectTypeOf<{}>().toExtend<HeartbeatOptions>();
  expectTypeOf<{
    interval: undefined;
    timeout: undefined;
    message: undefined;
    isReply: undefined;
    name: undefined;
  }>().toExtend<HeartbeatOptions>();
  expectTypeOf<HeartbeatOptions["message"]>().toEqualTypeOf<
    Message | (() => Message) | undefined
  >();
});

test("what cannot work does not compile", () => {
  const wrong = (): void => {
    // @ts-expect-error -- milliseconds are a number
    heartbeat({ interval: "15s" });
    // @ts-expect-error -- an object is no message
    heartbeat({ message: { type: "ping" } });
    // @ts-expect-error -- there is no such option
    heartbeat({ intervall: 1_000 });
    // @ts-expect-error -- what was measured cannot be set
    heartbeat().rtt = 5;
  };
  expectTypeOf(wrong).toBeFunction();
});
