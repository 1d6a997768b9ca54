import { HandshakeRejectedError } from "@stream-tungstenite/core";
import type { ConnectionLostError, HandshakeSession } from "@stream-tungstenite/core";
import type { AuthReply } from "./options.ts";

/** Whether the connection was closed with one of these codes. */
export function isRefusal(
  error: unknown,
  closeCodes: readonly number[],
): error is ConnectionLostError {
  return closeCodes.includes((error as Partial<ConnectionLostError> | null)?.close?.code as number);
}

/** Waits for the server's answer: null when it accepts, otherwise the error that says how it refused. */
export async function refusalOf(
  session: HandshakeSession,
  reply: true | AuthReply,
  closeCodes: readonly number[],
  token: string,
): Promise<HandshakeRejectedError | null> {
  let answer: boolean | string | undefined;
  let options: ErrorOptions | undefined;
  try {
    await session.receive(
      reply === true
        ? undefined
        : (message) => reply.accept(message) || Boolean((answer = reply.reject?.(message))),
    );
  } catch (cause) {
    if (!isRefusal(cause, closeCodes)) throw cause;
    const { code, reason } = cause.close;
    answer = `close code ${code} '${reason}'`;
    options = { cause };
  }
  if (!answer) return null;
  // A server that quotes what it refuses would bring the token into the logs.
  const reason = (answer as unknown) === true ? "" : `: ${String(answer).split(token).join("…")}`;
  return new HandshakeRejectedError(`Handshake '${session.step}' was refused${reason}`, options);
}
