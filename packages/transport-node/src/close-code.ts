/** For a text message or a close reason that is not UTF-8: fails with 1007 (RFC 6455 §8.1). */
export function invalidUtf8(what: string): Error {
  const error = new Error(`The server sent a ${what} that is not UTF-8`);
  return Object.assign(error, { code: "WS_ERR_INVALID_UTF8" });
}

/**
 * The close code (RFC 6455 §7.4.1) with which an open connection fails for `error`: of `ws` or of zlib.
 * Errors of the network are 1006, for no close frame told of them.
 */
export function closeCodeOf(error: unknown): number {
  const code = String((error as { readonly code?: unknown }).code);
  if (/^WS_ERR_INVALID_UTF8|^Z_/.test(code)) return 1007;
  if (code.startsWith("WS_ERR_UNSUPPORTED_")) return 1009;
  if (code.startsWith("WS_ERR_TOO_MANY_")) return 1008;
  return code.startsWith("WS_ERR_") ? 1002 : 1006;
}
