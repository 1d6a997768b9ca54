import { ConnectError, ConnectionLostError } from "./errors.ts";

/**
 * Makes an error fit to be kept, and its causes. Until the stack of an error is read for the first time, V8 keeps
 * what its frames worked on: a client that remembers why it lost a connection would keep the dead socket. Of
 * errors that come from the event loop through our own code alone the frames say nothing, and go.
 */
export function lightError<E>(error: E): E {
  let each: unknown = error;
  try {
    // Causes may go in a circle.
    for (let depth = 0; each instanceof Error && depth < 9; depth++) {
      const isOurs = each instanceof ConnectError || each instanceof ConnectionLostError;
      each.stack = isOurs ? `${each}` : each.stack!;
      each = each.cause;
    }
  } catch {
    // Somebody's getter throws, or he froze it: his error stays as heavy as it is.
  }
  return error;
}
