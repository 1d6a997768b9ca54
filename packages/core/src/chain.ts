import { ConfigurationError, HandshakeTimeoutError } from "./errors.ts";
import { handshakeCause } from "./handshake-cause.ts";
import type { Handshake, HandshakeSession, Plugin, PluginContext } from "./plugin.ts";
import { partContext } from "./part-context.ts";
import { check, madeOf } from "./plugin-list.ts";
import type { Composite } from "./plugin-list.ts";
import { isThenable } from "./plugins.ts";
import { complete, duration, label } from "./rules.ts";
import type { Rules } from "./rules.ts";
import { settled } from "./settled.ts";

/** How a `chain` is called and how long it may take. */
export interface ChainOptions {
  /** @defaultValue "chain" */
  readonly name?: string | undefined;
  /** Milliseconds for all steps together. @defaultValue 60_000 */
  readonly timeout?: number | undefined;
}

/**
 * One handshake made of several, in order. Errors and `state.step` name the step that it was at. Beside the
 * deadline of the whole, a part's own `handshakeTimeout` holds.
 *
 * The other hooks of the parts go on working, and an exchange of a part has the part's name and deadline.
 * A part stands in one place of the client's list, and one with `setup` serves one client at a time, as they
 * would alone.
 *
 * @throws ConfigurationError that lists every fault of the options, and every part that is no handshake or
 *   there twice, or has `onMessage` or `onSend`: their order is that of the client's plugin list, so such a
 *   plugin stands there itself
 */
export function chain(...handshakes: readonly Handshake[]): Handshake;
export function chain(handshakes: readonly Handshake[], options?: ChainOptions): Handshake;
export function chain(...given: readonly unknown[]): Handshake {
  const isList = Array.isArray(given[0]);
  const parts = (isList ? given[0] : given) as readonly Handshake[];
  const { name, timeout } = resolve(parts, isList ? given[1] : undefined);
  const made: Composite & Handshake = {
    name,
    handshakeTimeout: timeout,
    ...forward(parts),
    // A part must not serve two clients, nor stand in a list twice, because it is hidden in here.
    [madeOf]: parts,
    async handshake(session) {
      for (const part of parts) {
        session.step = part.name;
        await inTime(part, session);
      }
    },
  };
  return made;
}

/** Runs a part within its own deadline, if it has one. */
async function inTime(part: Handshake, session: HandshakeSession): Promise<void> {
  const { handshakeTimeout: timeout, name } = part;
  const over = new AbortController();
  try {
    const done = part.handshake(session);
    await (timeout ? Promise.race([done, deadline(session, timeout, over.signal)]) : done);
  } catch (error) {
    throw handshakeCause(error, name);
  } finally {
    // Left behind, it would seem to be a later part that waits for a message and judges the close.
    over.abort();
  }
}

/** A wait for no message at all; the session ends it with everything else. */
async function deadline(
  session: HandshakeSession,
  timeout: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await session.receive(() => false, { timeout, signal });
  } catch (error) {
    // When the connection ended the part itself may say what that means.
    if (!(error instanceof HandshakeTimeoutError)) await settled();
    throw error;
  }
}

type Resolved = { readonly [K in keyof ChainOptions]-?: NonNullable<ChainOptions[K]> };
// Marked as pure, or the rules would stay in applications that chain nothing.
const rules: Rules<Resolved> = {
  name: /* @__PURE__ */ label("chain"),
  timeout: /* @__PURE__ */ duration(60_000),
};

/** @throws ConfigurationError with every fault of the parts and options */
function resolve(parts: readonly Handshake[], given: unknown = {}): Resolved {
  const faults: string[] = [];
  const options = complete(rules, given as ChainOptions, faults, "chain");
  const name = rules.name.fits(options.name) ? options.name : "chain";
  if (parts.length === 0) faults.push(`${name}: at least one handshake is needed`);
  for (const [index, part] of parts.entries()) {
    if (typeof part?.handshake !== "function" || typeof part.name !== "string") {
      faults.push(`${name}: '${part?.name ?? typeof part}' is no handshake`);
      continue;
    }
    check(part, name, faults);
    if (parts.indexOf(part) < index) faults.push(`${name}: '${part.name}' is there twice`);
    for (const hook of ["onMessage", "onSend", "connect", "nextDelay"] as const) {
      if ((part as Plugin)[hook])
        faults.push(`${name}: '${part.name}' has ${hook}; put it into the list of plugins itself`);
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return options;
}

const observers = [
  "onStateChange",
  "onConnected",
  "onDisconnected",
  "onError",
  "onLagged",
  "onDropped",
  "onProbe",
] as const;

/** The other hooks, each of the kind it has in a client; absent where no part has it. */
function forward(parts: readonly Handshake[]): Omit<Partial<Plugin>, "connect"> {
  const having = (hook: keyof Plugin): readonly Plugin[] => parts.filter((part) => part[hook]);
  const hooks: { -readonly [K in Exclude<keyof Plugin, "connect">]?: Plugin[K] } = {};
  for (const hook of observers) {
    const told = having(hook) as readonly Record<typeof hook, (event?: unknown) => unknown>[];
    if (told.length > 0)
      hooks[hook] = (event?: unknown) => tellAll(told.map((part) => () => part[hook](event)));
  }
  const judges = having("shouldReconnect");
  if (judges.length > 0) {
    hooks.shouldReconnect = (cause) => {
      for (const judge of judges) {
        const answer = judge.shouldReconnect?.(cause);
        if (answer !== undefined) return answer;
      }
    };
  }
  const adjusters = having("adjustDelay");
  if (adjusters.length > 0) {
    hooks.adjustDelay = (delay, context) =>
      adjusters.reduce((rest, part) => part.adjustDelay?.(rest, context) ?? rest, delay);
  }
  const lasting = having("setup");
  if (lasting.length > 0) hooks.setup = (context) => setUpAll(lasting, context);
  if (having("freshCredentials").length > 0) hooks.freshCredentials = true;
  return hooks;
}

/** Calls all of them even if one throws; the first error is thrown then. */
function tellAll(calls: readonly (() => unknown)[]): void {
  const errors: unknown[] = [];
  const promises: unknown[] = [];
  for (const call of calls) {
    try {
      promises.push(call());
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  // An observer may return a promise: whoever calls watches it for a rejection.
  if (promises.some(isThenable)) return Promise.all(promises) as unknown as void;
}

function setUpAll(parts: readonly Plugin[], context: PluginContext): () => void {
  const teardowns: (() => unknown)[] = [];
  const tearDown = (): void => tellAll(teardowns.toReversed());
  try {
    for (const part of parts) {
      const teardown = part.setup?.(partContext(part, context));
      if (typeof teardown === "function") teardowns.push(teardown);
    }
  } catch (error) {
    tearDown();
    throw error;
  }
  return tearDown;
}
