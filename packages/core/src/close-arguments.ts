import type { CloseOptions } from "./client.ts";
import { ConfigurationError } from "./errors.ts";
import { byteLength } from "./message.ts";
import { checkDuration } from "./options.ts";

/**
 * What a close frame may say, checked before anything happens (RFC 6455 §5.5 and §7.4, HTML standard,
 * WebSocket `close`).
 *
 * @throws ConfigurationError
 */
export function closeArguments(
  { code = 1000, reason = "", timeout }: CloseOptions,
  closeTimeout: number,
): { readonly code: number; readonly reason: string; readonly timeout: number } {
  const faults: string[] = [];
  const isCode = Number.isInteger(code) && (code === 1000 || (code >= 3000 && code <= 4999));
  if (!isCode) faults.push(`code: 1000 or 3000 to 4999 is needed, not ${String(code)}`);
  if (typeof reason !== "string") faults.push(`reason: a string is needed, not ${typeof reason}`);
  else if (byteLength(reason) > 123) {
    faults.push(`reason: at most 123 bytes are possible, not ${byteLength(reason)}`);
  }
  if (timeout !== undefined) {
    checkDuration("timeout", timeout, (option, wanted, value) =>
      faults.push(`${option}: ${wanted} is needed, not ${String(value)}`),
    );
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { code, reason, timeout: timeout ?? closeTimeout };
}
