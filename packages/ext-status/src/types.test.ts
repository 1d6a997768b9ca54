import type { Extension, PluginList } from "@stream-tungstenite/core";
import { expectTypeOf, test } from "vitest";
import { status } from "./index.ts";
import type { Status, StatusOptions, StatusSnapshot } from "./index.ts";

/** React's, as far as it matters here. */
type UseSyncExternalStore = <T>(
  subscribe: (onStoreChange: () => void) => () => void,
  getSnapshot: () => T,
) => T;

test("is an extension and a store", () => {
  expectTypeOf(status).returns.toEqualTypeOf<Status>();
  expectTypeOf<Status>().toExtend<Extension>();
  expectTypeOf<Status>().toExtend<PluginList[number]>();
  const use = ((_, getSnapshot) => getSnapshot()) as UseSyncExternalStore;
  const { subscribe, getSnapshot } = status();
  expectTypeOf(use(subscribe, getSnapshot)).toEqualTypeOf<StatusSnapshot>();
});

test("every option may be left out or undefined", () => {
  expectTypeOf(status).toBeCallableWith();
  expectTypeOf<{ history: undefined; name: undefined }>().toExtend<StatusOptions>();
});

test("what cannot work does not compile", () => {
  const wrong = (): void => {
    // @ts-expect-error -- a number of transitions
    status({ history: true });
    // @ts-expect-error -- there is no such option
    status({ limit: 5 });
    // @ts-expect-error -- the state is the client's
    status().current = { status: "idle" };
    // @ts-expect-error -- what happened cannot be changed
    status().history.push();
    // @ts-expect-error -- nor can a snapshot
    status().getSnapshot().isConnected = true;
  };
  expectTypeOf(wrong).toBeFunction();
});
