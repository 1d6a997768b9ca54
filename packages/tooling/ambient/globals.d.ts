// The universal globals that platform-free packages use: present in every browser, worker, edge runtime and Node.
// Declared structurally, so that a stray `Buffer`, `WebSocket` or `process` stays a compile error.

interface EventListenerLike {
  (event: unknown): void;
}
interface AbortSignal {
  readonly aborted: boolean;
  // oxlint-disable-next-line typescript/no-explicit-any -- as every platform declares it
  readonly reason: any;
  throwIfAborted(): void;
  addEventListener(
    type: "abort",
    listener: EventListenerLike,
    options?: { readonly once?: boolean },
  ): void;
  removeEventListener(type: "abort", listener: EventListenerLike): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class URL {
  constructor(url: string | URL, base?: string);
  static canParse(url: string, base?: string): boolean;
  protocol: string;
  username: string;
  password: string;
  readonly host: string;
  hash: string;
  search: string;
  readonly pathname: string;
  readonly href: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
}
interface URLSearchParams {
  keys(): IterableIterator<string>;
  set(name: string, value: string): void;
}
interface ErrorOptions {
  cause?: unknown;
}
declare const location: { readonly href: string } | undefined;
declare const console: {
  error(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  info(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  log(...values: unknown[]): void;
};
declare function queueMicrotask(task: () => void): void;
declare function setTimeout(task: () => void, delay: number): number | object;
declare function clearTimeout(timer: number | object): void;
