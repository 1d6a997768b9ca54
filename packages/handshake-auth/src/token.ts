import { HandshakeError } from "@stream-tungstenite/core";
import type { AttemptContext, Provided } from "@stream-tungstenite/core";

/**
 * The token function gave no token. A failed attempt like any other, unless the function's error says
 * `retryable: false`: then the client gives up. What the function threw is in `cause` only, since it may
 * quote the request that was made for the token.
 */
export class TokenError extends HandshakeError {
  override readonly name: string = "TokenError";
  override readonly code: string = "TOKEN";
  override readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.retryable = (options?.cause as Partial<TokenError> | null)?.retryable !== false;
  }
}

/** Why this cannot be sent as a token; null when it can. Never quotes it. */
export function tokenFault(token: unknown): string | null {
  if (typeof token !== "string") return `a string is needed, not ${typeof token}`;
  if (!token) return "it is empty";
  // The server would get U+FFFD instead, and refuse a token that looks right here.
  return /\p{Surrogate}/u.test(token) ? "a lone surrogate, which UTF-8 cannot carry" : null;
}

/**
 * Asks the token function.
 *
 * @throws TokenError
 */
export async function tokenOf(
  token: Exclude<Provided<string>, string>,
  context: AttemptContext & { readonly step: string },
): Promise<string> {
  const failed = `Handshake '${context.step}' failed: the token function`;
  let given: unknown;
  try {
    given = await token(context);
  } catch (cause) {
    throw new TokenError(`${failed} threw`, { cause });
  }
  const fault = tokenFault(given);
  if (fault) throw new TokenError(`${failed} gave none: ${fault}`);
  return given as string;
}
