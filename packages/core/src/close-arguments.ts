import type { CloseOptions } from "./client.ts";
import { byteLength } from "./message.ts";
import { checked, duration, rule } from "./rules.ts";
import type { Rules } from "./rules.ts";

/** What a close frame may say (RFC 6455 §5.5 and §7.4), and how long to wait for the answer to it. */
export interface CloseArguments {
  readonly code: number;
  readonly reason: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** @throws ConfigurationError that lists every fault */
export function closeArguments(given: CloseOptions, closeTimeout: number): CloseArguments {
  return checked<CloseArguments>({ ...rules, timeout: duration(closeTimeout) }, given);
}

const rules: Rules<Omit<CloseArguments, "timeout">> = {
  // Other codes belong to the protocol, not to applications (HTML standard, WebSocket `close`).
  code: /* @__PURE__ */ rule(
    1000,
    "1000 or 3000 to 4999",
    (code) => code === 1000 || isPrivate(code as number),
  ),
  reason: /* @__PURE__ */ rule(
    "",
    "a string of at most 123 bytes of UTF-8",
    (reason) => typeof reason === "string" && byteLength(reason) <= 123,
  ),
};

const isPrivate = (code: number): boolean => Number.isInteger(code) && code >= 3000 && code <= 4999;
