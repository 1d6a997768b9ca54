import { ConnectionLostError, HandshakeRejectedError } from "@stream-tungstenite/core";
import type { HandshakeSession } from "@stream-tungstenite/core";
import type { AuthReply } from "./options.ts";

/**
 * Waits for the server's answer: null when it accepts, otherwise the error that says how it refused.
 *
 * @throws ConnectionLostError when it closes with another code; the token is blotted out there as well
 */
export async function refusalOf(
  session: HandshakeSession,
  reply: true | AuthReply,
  closeCodes: readonly number[],
  token: string,
): Promise<HandshakeRejectedError | null> {
  // A server that quotes what it refuses would bring the token into the logs.
  const blot = (text: string): string =>
    text.split(token).join("…").split(JSON.stringify(token).slice(1, -1)).join("…");
  let answer: boolean | string | undefined;
  let cause: ConnectionLostError | undefined;
  try {
    await session.receive(
      reply === true
        ? undefined
        : (message) => reply.accept(message) || Boolean((answer = reply.reject?.(message))),
    );
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) throw error;
    const { close } = error;
    cause = close.reason
      ? new ConnectionLostError({ ...close, reason: blot(close.reason) })
      : error;
    if (!closeCodes.includes(close.code)) throw cause;
    answer = cause.message;
  }
  if (!answer) return null;
  // A matcher may give all that the server sent for a reason.
  const reason = typeof answer === "string" ? `: ${blot(answer).slice(0, 200)}` : "";
  return new HandshakeRejectedError(
    `Handshake '${session.step}' was refused${reason}`,
    cause && { cause },
  );
}
