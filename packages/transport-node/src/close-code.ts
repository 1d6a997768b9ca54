/** A text message or a close reason was not UTF-8: the connection fails with 1007 (RFC 6455 §8.1). */
export class InvalidUtf8Error extends Error {
  override readonly name: string = "InvalidUtf8Error";
  readonly code: string = "WS_ERR_INVALID_UTF8";

  constructor(what: string) {
    super(`The server sent a ${what} that is not UTF-8`);
  }
}

/**
 * The close code (RFC 6455 §7.4.1) with which an open connection fails for `error`. Errors of the network
 * are 1006: no close frame told of them.
 */
export function closeCodeOf(error: unknown): number {
  const { code } = error as { readonly code?: unknown };
  switch (code) {
    case "WS_ERR_INVALID_UTF8":
      return 1007;
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return 1009;
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return 1008;
    default:
      // The others of `ws` are breaches of the protocol; those of zlib are payloads that do not inflate.
      if (typeof code !== "string") return 1006;
      return code.startsWith("WS_ERR_") ? 1002 : code.startsWith("Z_") ? 1007 : 1006;
  }
}
