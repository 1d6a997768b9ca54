import type { Clock } from "@stream-tungstenite/core";

/** Carries things from one end to the other in order, each after a delay of its own. */
export interface DelayLine<T> {
  /** Arrives after what was pushed before, however short its own delay. Milliseconds. */
  push(thing: T, delay: number): void;
  /** What is on its way stays there, until `release`. */
  hold(): void;
  release(): void;
  /** Forgets what is on its way, and takes nothing more. */
  cut(): void;
}

/** A line of a network that is not quite here. */
export function delayLine<T>(clock: Clock, deliver: (thing: T) => void): DelayLine<T> {
  const travelling: { readonly thing: T; readonly due: number }[] = [];
  let cancel: (() => void) | undefined;
  let state: "open" | "held" | "cut" = "open";

  const rest = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const arm = (): void => {
    const [first] = travelling;
    if (first === undefined || state !== "open" || cancel !== undefined) return;
    cancel = clock.schedule(Math.max(0, first.due - clock.now()), () => {
      cancel = undefined;
      // A timer may fire a hair early by the clock: the first is due all the same.
      const { due } = first;
      while (state === "open" && travelling[0] !== undefined && travelling[0].due <= due) {
        deliver(travelling.shift()!.thing);
      }
      arm();
    });
  };
  return {
    push(thing, delay) {
      if (state === "cut") return;
      const due = Math.max(clock.now() + delay, travelling.at(-1)?.due ?? 0);
      travelling.push({ thing, due });
      arm();
    },
    hold() {
      if (state === "open") state = "held";
      rest();
    },
    release() {
      if (state === "held") state = "open";
      arm();
    },
    cut() {
      state = "cut";
      travelling.length = 0;
      rest();
    },
  };
}
