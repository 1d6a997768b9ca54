import type { DisconnectCause } from "./errors.ts";

/**
 * Whether a retry may help: the default of the option `shouldReconnect`.
 *
 * | retried | not retried |
 * |---|---|
 * | URL or options function rejected, DNS, TCP, timeouts, TLS failures that are not about certificates, `unknown` | invalid URL, certificate rejected |
 * | HTTP 408, 425, 429, 5xx | other HTTP answers |
 * | close codes 1000 and 1001 that the client did not ask for, 1005, 1006, 1011–1014, all others not named | 1002, 1003, 1007–1010, 1015, 4401, 4403 |
 * | `HandshakeError`, `HandshakeTimeoutError`, `IdleTimeoutError`, `PluginError` | `HandshakeRejectedError` |
 *
 * Beyond this table the client retries HTTP 401, 403 and 407 once per outage when the URL, headers, proxy or
 * token is a function, since it may give fresh credentials.
 */
export function isTransient(cause: DisconnectCause): boolean {
  return cause.retryable;
}

/** 408, 425, 429 and 5xx speak of the moment; other answers would be the same next time. */
export function isTransientStatus(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && status < 600);
}

/**
 * Not worth a retry: protocol error 1002, unsupported data 1003, invalid payload 1007, policy violation
 * 1008, message too big 1009, mandatory extension 1010, TLS failure 1015 (RFC 6455 §7.4.1), and by the
 * custom of applications 4401 (unauthorized) and 4403 (forbidden).
 */
export function isTransientCloseCode(code: number): boolean {
  return ![1002, 1003, 1007, 1008, 1009, 1010, 1015, 4401, 4403].includes(code);
}
