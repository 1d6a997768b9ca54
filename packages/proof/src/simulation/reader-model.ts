import type { Settings } from "./schedule.ts";

/** What `messages()` must do: the contract of one reader in a few lines. */
export class ReaderModel {
  readonly overflow: "pause" | "drop-oldest" | "drop-newest" | "error";
  readonly mark: number;
  readonly #buffer: string[] = [];
  /** Calls of `next` that wait, by number, and what they must get. */
  readonly #takers: ((answer: string) => void)[] = [];
  readonly #canPause: () => boolean;
  #hasBegun = false;
  #end: "done" | "overflow" | "gave up" | null = null;
  /** Messages that it must have skipped. */
  skipped = 0;

  constructor(
    overflow: ReaderModel["overflow"],
    mark: number,
    settings: Settings,
    isConnected: () => boolean,
  ) {
    this.overflow = overflow;
    this.mark = mark;
    this.#canPause = () => settings.canPause && isConnected();
  }

  /** How full, 1 at the mark; only readers that slow the server count. */
  get fill(): number {
    const counts = this.overflow === "pause" && this.#hasBegun && !this.isOver;
    return counts ? this.#buffer.length / this.mark : 0;
  }
  get isOver(): boolean {
    return this.#end !== null;
  }

  push(item: string): void {
    if (this.#end) return;
    const take = this.#takers.shift();
    if (take) return take(item);
    const pauses = this.overflow === "pause" && this.#hasBegun && this.#canPause();
    if (this.#buffer.length < this.mark || pauses) this.#buffer.push(item);
    else if (this.overflow === "error") this.finish("overflow");
    else {
      this.skipped++;
      if (this.overflow === "drop-newest") return;
      this.#buffer.shift();
      this.#buffer.push(item);
    }
  }

  /** `next` is called: what it must answer, now or later. */
  next(answer: (what: string) => void): void {
    this.#hasBegun = true;
    const item = this.#buffer.shift();
    if (item !== undefined) answer(item);
    else if (this.#end) this.#over(answer);
    else this.#takers.push(answer);
  }

  finish(end: "done" | "overflow" | "gave up"): void {
    if (this.#end) return;
    this.#end = end;
    for (const take of this.#takers.splice(0)) this.#over(take);
  }

  /** The loop was left. */
  leave(): void {
    this.#buffer.length = 0;
    this.finish("done");
    this.#end = "done";
  }

  /** An error is thrown once. */
  #over(answer: (what: string) => void): void {
    answer(this.#end!);
    this.#end = "done";
  }
}
