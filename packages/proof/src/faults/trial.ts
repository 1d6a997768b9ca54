import { systemClock } from "@stream-tungstenite/core";
import { expect } from "vitest";
import type { Fault, Place } from "./catalogue.ts";
import { Collector } from "./collector.ts";
import { describeLosses, describeTold } from "./describe.ts";
import { judge } from "./ledger.ts";
import type { Verdict } from "./ledger.ts";
import { keep } from "./results.ts";
import type { ServerProcess } from "./server.ts";
import type { Subject } from "./subject.ts";
import type { Cause, Told, ToldOf } from "./told.ts";

/** How messages are given to the client. */
export interface Sending {
  /** Length of each. @defaultValue 64 */
  readonly bytes?: number;
  /** With `sendAsync` instead of `send`. */
  readonly wait?: boolean;
}

/**
 * One client that suffers one fault: connected → fault → what it reports → cure → connected again → nothing
 * lost that was not told.
 */
export class Trial {
  readonly told: Collector<Told>;
  readonly subject: Subject;
  readonly #server: ServerProcess;
  #numbers = 0;
  /** Where the log stood when the fault began, and when that was. */
  #mark = 0;
  #faultAt = 0;
  #curedAt: number | undefined;
  #back: ToldOf<"connected"> | undefined;

  private constructor(server: ServerProcess, subject: Subject, told: Collector<Told>) {
    this.#server = server;
    this.subject = subject;
    this.told = told;
  }

  /** Makes a client that tells what happens to it, and waits until it is connected and has been heard. */
  static async begin(
    server: ServerProcess,
    make: (tell: (told: Told) => void) => Subject | Promise<Subject>,
  ): Promise<Trial> {
    const told = new Collector<Told>();
    const trial = new Trial(server, await make(told.add), told);
    await trial.subject.connect();
    await trial.first("connected");
    await trial.settle();
    return trial;
  }

  /** Gives the client messages; returns the number of the last. */
  send(count: number, { bytes = 64, wait = false }: Sending = {}): number {
    for (let index = 0; index < count; index++) this.subject.send(++this.#numbers, bytes, wait);
    return this.#numbers;
  }

  /** From here on counts what is told. Resolves when it is done. */
  async fault(act: () => unknown): Promise<void> {
    this.#mark = this.told.items.length;
    this.#faultAt = systemClock.now();
    await act();
  }

  /** From its end on counts the time until the client is back. */
  async cure(act: () => unknown): Promise<void> {
    await act();
    this.#curedAt = systemClock.now();
  }

  /** The first of its kind that was told since the fault, or will be. */
  first<T extends Told["type"]>(
    type: T,
    match: (told: ToldOf<T>) => boolean = () => true,
  ): Promise<ToldOf<T>> {
    return this.#firstAfter(this.#mark, type, match);
  }

  /** The connection is lost for this cause, and will be dialled anew. */
  async lost(cause: Partial<Cause>): Promise<ToldOf<"disconnected">> {
    const told = await this.first("disconnected");
    expect(told.cause).toMatchObject({ retryable: true, ...cause });
    expect(told.willRetry).toBe(true);
    return told;
  }

  /** A dial fails for this cause and will be retried; others may have failed before in another phase. */
  async failed(cause: Partial<Cause>): Promise<Cause> {
    const { phase } = cause;
    const told = await this.first("error", (each) => each.cause.phase === phase);
    expect(told.cause).toMatchObject({ retryable: true, ...cause });
    return told.cause;
  }

  /** The client gives up for this cause, after it has told of what was queued. */
  async gaveUp(cause: Partial<Cause>): Promise<Cause> {
    const told = await this.first("fatal");
    expect(told.cause).toMatchObject({ retryable: false, ...cause });
    expect(await this.first("dropped")).toMatchObject({ reason: "closed" });
    return told.cause;
  }

  /** Connected again after the loss, and everything sent on the new connection arrives. */
  async again(): Promise<void> {
    const lost = (told: Told): boolean => told.type === "disconnected" || told.type === "fatal";
    const loss = await this.told.first(lost, this.#mark);
    const from = this.told.items.indexOf(loss);
    this.#back = await this.#firstAfter(from, "connected", () => true);
    await this.settle();
  }

  /** What was sent on the present connection has arrived, and older connections are gone. */
  async settle(): Promise<void> {
    // A connection may be lost with what is sent to see whether it lasts.
    for (let isHeard = false; !isHeard;) {
      const from = this.told.items.length;
      const number = this.send(1, { wait: true });
      const lost = this.#firstAfter(from, "disconnected", () => true).then(() => false);
      const heard = this.#server.received(number).then(() => true);
      isHeard = await Promise.race([heard, lost]);
      if (isHeard) await this.#server.alone(number);
      else await this.#firstAfter(from, "connected", () => true);
    }
  }

  /** Closes the client, holds its messages against the server's journal, and keeps the result for the page. */
  async conclude<P extends Place>(place: P, fault: Fault<P>): Promise<Verdict> {
    const all = this.told.items;
    const end = this.#back ? all.indexOf(this.#back) : all.length;
    await this.subject.close();
    const verdict = judge(all, this.#server.journal);
    expect(verdict.faults).toEqual([]);
    const outage = all.slice(this.#mark, end);
    const [first] = outage.filter(({ type }) => /^(disconnected|error|fatal)$/.test(type));
    keep({
      place,
      fault,
      reported: describeTold(outage),
      noticed: first ? first.at - this.#faultAt : null,
      back: this.#back ? Math.max(0, this.#back.at - (this.#curedAt ?? this.#faultAt)) : null,
      attempts: outage.filter(({ type }) => type === "connecting").length,
      lost: describeLosses(verdict),
    });
    return verdict;
  }

  #firstAfter<T extends Told["type"]>(
    from: number,
    type: T,
    match: (told: ToldOf<T>) => boolean,
  ): Promise<ToldOf<T>> {
    const isIt = (told: Told): told is ToldOf<T> => told.type === type && match(told as ToldOf<T>);
    return this.told.first(isIt, from);
  }
}
