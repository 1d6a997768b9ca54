import { DROP } from "@stream-tungstenite/core";
import type {
  Extension,
  Message,
  MessageContext,
  Outgoing,
  Plugin,
  Received,
} from "@stream-tungstenite/core";
import { greeter } from "./greeter.ts";
import { textOf } from "./journal.ts";
import type { HookMode } from "./schedule.ts";
import type { Scene } from "./scene.ts";
import { turns } from "./turns.ts";

/** The plugins of a schedule, from the application's end on. */
export function actors(scene: Scene): readonly Plugin[] {
  const { adjusted, handshakes } = scene.settings;
  return [
    monitor(scene),
    sluggish(scene),
    mischief(scene),
    strategy(scene),
    ...(adjusted === null ? [] : [{ name: "adjust", adjustDelay: () => adjusted }]),
    ...Array.from({ length: handshakes }, (_, index) => greeter(scene, `greet-${index}`)),
  ];
}

/** Sees what leaves the queue, and hears of everything first. */
function monitor({ lifecycle, ledger, arrivals, wire, journal }: Scene): Extension {
  return {
    name: "monitor",
    onSend(message, { origin }) {
      if (origin === "application") ledger.leaves(textOf(message));
    },
    onStateChange: (payload) => lifecycle.tell({ type: "state", payload }),
    onConnected(payload) {
      arrivals.ready(wire.last);
      lifecycle.tell({ type: "connected", payload });
    },
    onDisconnected(payload) {
      const socket = wire.sockets.find(({ connectionId }) => connectionId === lifecycle.up?.id);
      if (payload.bufferedAmount !== socket?.bufferedAmount) {
        journal.breaks(
          `${payload.bufferedAmount} bytes are told lost, not ${socket?.bufferedAmount}`,
        );
      }
      lifecycle.tell({ type: "disconnected", payload });
    },
    onLagged(payload) {
      arrivals.lagged(payload.skipped);
      lifecycle.tell({ type: "lagged", payload });
    },
    onDropped(payload) {
      const isClosed = lifecycle.state.status === "closed";
      ledger.dropped(payload.messages, payload.reason, isClosed);
      lifecycle.tell({ type: "dropped", payload });
    },
  };
}

/** Does to messages what the schedule says, and lends its context to the application. */
function mischief(scene: Scene): Extension {
  const { modes, ledger, arrivals, journal } = scene;
  let setups = 0;
  return {
    name: "mischief",
    setup(context) {
      if (++setups !== 1) journal.breaks("a plugin is set up twice");
      scene.context = context;
      try {
        scene.react("setup");
      } catch (error) {
        // What was not set up is not torn down either.
        setups--;
        scene.context = null;
        throw error;
      }
      return () => {
        if (--setups !== 0) journal.breaks("a plugin is torn down twice");
        if (!context.signal.aborted) journal.breaks("a plugin's signal outlives it");
        scene.context = null;
        scene.react("teardown");
      };
    },
    onConnected: () => scene.react("onConnected"),
    onDisconnected: () => scene.react("onDisconnected"),
    onStateChange: () => scene.react("onStateChange"),
    onError: () => scene.react("onError"),
    onSend(message, context) {
      scene.react("onSend");
      const drop = (): void => {
        if (context.origin === "application") ledger.swallowed(textOf(message));
      };
      return outgoing(scene, modes.onSend, message, context, drop);
    },
    onMessage(message, context) {
      scene.react("onMessage");
      return incoming(scene, modes.onMessage, message, context, () => arrivals.dropped(message));
    },
  };
}

/** Sees what `mischief` has made of a message; its promises keep back the parts behind. */
function sluggish(scene: Scene): Extension {
  return {
    name: "sluggish",
    onMessage(message, { connectionId }) {
      if (scene.modes.onMessage !== "split-slowly") return undefined;
      scene.arrivals.isLate = true;
      return wait(scene, scene.stalled.onMessage, { connectionId }, "later", () => message);
    },
  };
}

function outgoing(
  scene: Scene,
  mode: HookMode,
  message: Message,
  { connectionId }: MessageContext,
  drop: () => void,
): Outgoing | Promise<Outgoing> {
  if (mode !== "pass") scene.journal.saw(`onSend: ${mode}`);
  const changed = typeof message === "string" ? `${message}~` : message;
  const later = (answer: () => Outgoing): Promise<Outgoing> =>
    wait(scene, scene.stalled.onSend, { connectionId }, mode, answer);
  const dropped = (): typeof DROP => {
    drop();
    return DROP;
  };
  switch (mode) {
    case "replace":
    case "split":
    case "split-slowly":
      return changed;
    case "drop":
      return dropped();
    case "throw":
      throw new Error("onSend throws");
    case "nonsense":
      return 42 as unknown as Outgoing;
    case "later":
    case "later-split":
      return later(() => changed);
    case "later-drop":
      return later(dropped);
    case "later-throw":
      return later(fails);
    case "stall":
      return later(() => undefined);
    default:
      return undefined;
  }
}

function incoming(
  scene: Scene,
  mode: HookMode,
  message: Message,
  { connectionId }: MessageContext,
  drop: () => void,
): Received | Promise<Received> {
  const { arrivals } = scene;
  if (mode !== "pass") scene.journal.saw(`onMessage: ${mode}`);
  const text = textOf(message);
  const parts = [`${text}1`, `${text}2`, `${text}3`];
  const later = (answer: () => Received): Promise<Received> => {
    arrivals.isLate = true;
    return wait(scene, scene.stalled.onMessage, { connectionId }, mode, answer);
  };
  const dropped = (): typeof DROP => {
    drop();
    return DROP;
  };
  if (mode.includes("split")) arrivals.splits = true;
  switch (mode) {
    case "replace":
      return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    case "split":
    case "split-slowly":
      return parts;
    case "drop":
      return dropped();
    case "throw":
      throw new Error("onMessage throws");
    case "nonsense":
      return 42 as unknown as Received;
    case "later":
      return later(() => undefined);
    case "later-split":
      return later(() => parts);
    case "later-drop":
      return later(dropped);
    case "later-throw":
      return later(fails);
    case "stall":
      return later(() => undefined);
    default:
      return undefined;
  }
}

/** Answers some turns later, or when stalled hooks are released. */
async function wait<T, W extends object>(
  { stalled }: Scene,
  waiting: W[],
  waiter: W,
  mode: HookMode,
  answer: () => T,
): Promise<T> {
  waiting.push(waiter);
  try {
    if (mode === "stall") await new Promise<void>((resolve) => stalled.release.push(resolve));
    else await turns(3);
    return answer();
  } finally {
    waiting.splice(waiting.indexOf(waiter), 1);
  }
}

function fails(): never {
  throw new Error("the hook fails later");
}

function strategy(scene: Scene): Plugin {
  const { pacing, lifecycle, settings, clock, journal } = scene;
  return {
    name: "strategy",
    nextDelay(context) {
      const { state } = scene.client;
      // Asked whether to reconnect, somebody has decided otherwise.
      if (lifecycle.overtaken === context.cause) {
        lifecycle.overtaken = null;
        return 10;
      }
      const isLate = state.status === "waiting";
      const lasted = state.status === "connected" ? clock.now() - state.since : 0;
      if (!isLate && context.uptime !== lasted) {
        journal.breaks(`the strategy is told of ${context.uptime} ms of uptime, not ${lasted}`);
      }
      const from = isLate ? lifecycle.cameFrom : state.status;
      const isStable = from === "connected" && context.uptime >= settings.stableAfter;
      const wasGreeting = from === "handshaking";
      pacing.asks(context, isStable);
      scene.react("nextDelay");
      if (scene.client.state !== state) return 10;
      return pacing.chooses(context, wasGreeting);
    },
  };
}
