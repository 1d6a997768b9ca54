import { isStreamTungsteniteError } from "@stream-tungstenite/core";
import type { Extension } from "@stream-tungstenite/core";
import { greeter, speak } from "./greeter.ts";
import { aborted } from "./promises.ts";
import { codeOf } from "./journal.ts";
import type { Call, CallOf, Place } from "./schedule.ts";
import type { Scene } from "./scene.ts";
import { Sending } from "./sending.ts";

/** Makes the application's calls, and knows what each of them may answer. */
export class Calls {
  readonly #scene: Scene;
  readonly #sending: Sending;
  /** Inside the first call of `run`. */
  #isStarting = false;
  /** Those of `run` under way: their abort is `close()`. */
  readonly #runs = new Set<AbortSignal>();
  readonly #resumes: (() => void)[] = [];
  readonly #undos: (() => void)[] = [];
  #closings: { wasClean: boolean; undelivered: number }[] = [];
  /** Messages dropped as closed before `close()`. */
  #undeliveredBefore: number | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#sending = new Sending(scene);
  }

  /** `at` is `null` for a call out of the blue, not from inside the client. */
  make(call: Call, at: Place | null = null): void {
    const { journal } = this.#scene;
    if (journal.trace) journal.note(`${at === null ? "" : `in ${at}: `}${JSON.stringify(call)}`);
    if (at === "onError" || at === "error") this.#scene.lifecycle.hasReported = true;
    if (at === "nextDelay" || at === "shouldReconnect") this.#scene.lifecycle.isMeddled = true;
    journal.saw(
      `call: ${call.call}${at === null ? ` in ${this.#scene.client.state.status}` : " from inside"}`,
    );
    try {
      this.#make(call, at);
    } catch (error) {
      if (call.call === "throw") throw error;
      // Calls that answer with a promise never throw.
      const may = ["reconnect", "use", "unuse"].includes(call.call);
      if (!may || !isStreamTungsteniteError(error)) {
        journal.breaks(`${call.call} throws ${codeOf(error)}: ${String(error)}`);
      }
      journal.saw(`${call.call}: throws ${codeOf(error)}`);
    }
  }

  get wasClean(): boolean {
    return this.#closings.every(({ wasClean }) => wasClean);
  }

  /** Nothing moves and no timer is overdue. */
  check(): void {
    this.#sending.check();
  }

  /** All calls of `close` had the same answer. */
  finish(): void {
    const { journal, ledger } = this.#scene;
    const [first] = this.#closings;
    for (const { undelivered, wasClean } of this.#closings) {
      if (undelivered !== first!.undelivered || wasClean !== first!.wasClean) {
        journal.breaks("two calls of close had different answers");
      }
    }
    const dropped = ledger.letters.filter(({ reason }) => reason === "closed").length;
    const expected = this.#undeliveredBefore === null ? 0 : dropped - this.#undeliveredBefore;
    if (first?.undelivered !== expected) {
      journal.breaks(`close tells of ${first?.undelivered} messages undelivered, not ${expected}`);
    }
  }

  #make(call: Call, at: Place | null): void {
    const { client, promises, pacing, lifecycle, arrivals, journal, clock } = this.#scene;
    const isClosed = lifecycle.isClosing || client.state.status === "closed";
    switch (call.call) {
      case "connect":
      case "ready":
      case "run": {
        if (call.call !== "ready" && !lifecycle.isClosing) pacing.asked(false, client.state);
        const before = lifecycle.connections;
        const wasUp = client.isConnected;
        const isRunning = promises.isPending("run") || this.#isStarting;
        const signal = this.#signal(call);
        if (call.call === "run" && signal) this.#runs.add(signal);
        this.#isStarting ||= call.call === "run";
        const promise = this.#wait(call, signal);
        this.#isStarting = isRunning && this.#isStarting && !promises.isPending("run");
        return promises.track(call.call, promise, (error, failed) => {
          if (signal) this.#runs.delete(signal);
          if (call.call === "run") {
            if (codeOf(error) === "ALREADY_RUNNING" && !isRunning)
              journal.breaks("run() runs alone");
            if (!failed && !lifecycle.isClosing) journal.breaks("run() resolves before close()");
          } else if (!failed && !wasUp && lifecycle.connections === before && !lifecycle.up) {
            journal.breaks(`${call.call} resolves, but never connected`);
          }
        });
      }
      case "reconnect": {
        if (!lifecycle.isClosing) pacing.asked(true, client.state);
        return client.reconnect("simulated");
      }
      case "disconnect":
        return promises.track("disconnect", client.disconnect({ timeout: call.timeout }));
      case "close": {
        this.#closes();
        return promises.track("close", client.close({ timeout: call.timeout }), (_, __, value) => {
          this.#closings.push(value!);
          journal.saw(`close: ${value!.wasClean ? "clean" : "not clean"}`);
        });
      }
      case "send":
        return this.#sending.send(call, isClosed, at === null);
      case "sendAsync":
        return this.#sending.sendAsync(call, this.#signal(call));
      case "flush":
        return this.#sending.flush(call, this.#signal(call));
      case "ping": {
        const asked = clock.now();
        const signal = this.#signal(call);
        const promise = client.ping(undefined, { timeout: call.timeout, signal });
        return promises.track("ping", promise, (_, failed, roundTrip) => {
          if (!failed && !(roundTrip! >= 0 && roundTrip! <= clock.now() - asked))
            journal.breaks(`a round trip of ${roundTrip} ms`);
        });
      }
      case "messages": {
        if (arrivals.readings.length >= 3) return;
        const { overflow, mark } = call;
        const signal = this.#signal(call);
        const reader = client.messages({ overflow, highWaterMark: mark, signal });
        const { state } = client;
        const end = state.status !== "closed" ? null : state.cause === null ? "done" : "gave up";
        arrivals.open(reader, overflow, mark, end, signal);
        return;
      }
      case "events":
        return this.#events(call);
      case "once": {
        const { event, timeout } = call;
        return promises.track("once", client.once(event, { timeout }));
      }
      case "use":
        return this.#use(call);
      case "unuse":
        return this.#undos.at(-1 - call.which)?.();
      case "exchange":
        return this.#exchange(call);
      case "fail":
        return this.#scene.context?.fail(new Error("doubted"));
      case "report":
        return this.#scene.context?.report(new Error("reported"));
      case "suspend": {
        lifecycle.isSuspended = true;
        const resume = this.#scene.context?.suspend();
        if (resume) this.#resumes.push(resume);
        return;
      }
      case "resume":
        if (this.#resumes.length > 0) pacing.asked(false, client.state);
        return this.#resumes.pop()?.();
      case "probe":
        return this.#scene.context?.probe();
      case "throw":
        if (at !== null) throw new Error(`thrown in ${at}`);
        return;
      case "abort": {
        const controller = promises.controller(call.which);
        if (!controller) return;
        const { signal } = controller;
        if (this.#runs.delete(signal)) this.#closes();
        controller.abort(aborted);
        arrivals.abandoned(signal);
        return this.#sending.abandoned(signal);
      }
    }
  }

  #wait(
    call: CallOf<"connect" | "run"> | CallOf<"ready">,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { client } = this.#scene;
    if ("timeout" in call) return client.ready({ signal, timeout: call.timeout });
    return client[call.call]({ signal });
  }

  /** `close()` begins, unless it has begun. */
  #closes(): void {
    const { lifecycle, ledger, client } = this.#scene;
    if (lifecycle.isClosing) return;
    lifecycle.isClosing = true;
    if (client.state.status === "closed") return;
    this.#undeliveredBefore = ledger.letters.filter(({ reason }) => reason === "closed").length;
  }

  #events(call: CallOf<"events">): void {
    const { client, promises, lifecycle, journal } = this.#scene;
    const signal = this.#signal(call);
    const from = lifecycle.names.length;
    const wasClosed = client.state.status === "closed";
    const heard: string[] = [];
    const iterator = client.events({ signal });
    const read = async (): Promise<void> => {
      for await (const { type } of iterator) heard.push(type);
      // Begun by a listener, it may tell of what the listener was told, too.
      const isTold = [from, from - 1].some(
        (start) => String(lifecycle.names.slice(start, start + heard.length)) === String(heard),
      );
      if (heard.length > 0 && !isTold) journal.breaks(`events() gives ${heard.join()}`);
      const isWhole = wasClosed || signal?.aborted || heard.at(-1) === "closed";
      if (!isWhole) journal.breaks("events() ends early");
    };
    promises.track("events", read());
  }

  #use({ what }: CallOf<"use">): void {
    const { client, greetings, journal } = this.#scene;
    let setups = 0;
    const plugin: Extension =
      what === "handshake"
        ? greeter(this.#scene, "added")
        : {
            name: "added",
            setup: () => {
              setups++;
              return () => {
                if (--setups !== 0) journal.breaks("an added plugin is torn down twice");
              };
            },
            onSend: () => {},
            onMessage: () => {},
          };
    const undo = client.use(plugin);
    if (what === "handshake") this.#scene.greeters.add(plugin);
    this.#undos.push(() => {
      this.#scene.greeters.delete(plugin);
      greetings.due.delete(plugin);
      undo();
      if (setups !== 0) journal.breaks("a removed plugin is not torn down");
    });
  }

  #exchange(call: CallOf<"exchange">): void {
    const { context, promises, greetings, journal } = this.#scene;
    if (!context) return;
    const { talk, hold, timeout } = call;
    const signal = this.#signal(call);
    const run = context.exchange(
      async (session) => {
        const { connectionId } = session;
        if (hold) {
          const holds = greetings.holds.get(connectionId) ?? new Set();
          const since = ++journal.tick;
          greetings.holds.set(connectionId, holds.add(since));
          session.signal.addEventListener("abort", () => holds.delete(since));
        }
        const isNew = connectionId === this.#scene.lifecycle.opened;
        if (isNew && greetings.due.size > 0)
          journal.breaks("an exchange before the handshakes are done");
        journal.note(`exchange on connection ${connectionId}: ${talk}`);
        journal.saw(`exchange: ${talk}${hold ? ", holding" : ""}`);
        await speak(this.#scene, session, talk);
      },
      { timeout, signal, hold },
    );
    promises.track("exchange", run);
  }

  #signal(call: { readonly abortable: boolean }): AbortSignal | undefined {
    return call.abortable ? this.#scene.promises.signal() : undefined;
  }
}
