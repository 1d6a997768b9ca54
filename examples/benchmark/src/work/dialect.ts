import type { Dialect } from "../task.ts";
import type { Context } from "./context.ts";

/**
 * What an application does by hand with messages of a dialect, so that its work is that of the peer whose
 * dialect it is; nothing for one that does it itself.
 */
export function decoder(
  dialect: Dialect,
  { speaks }: Pick<Context, "speaks">,
): ((message: string | Uint8Array) => string) | undefined {
  if (dialect === "plain" || speaks) return undefined;
  return dialect === "graphql"
    ? (message) => (JSON.parse(message as string) as Result).payload.data.text
    : (message) => (JSON.parse((message as string).slice(2)) as Event)[1];
}

/** The other way. */
export function encoder(
  dialect: Dialect,
  { speaks }: Pick<Context, "speaks">,
): ((text: string) => string) | undefined {
  if (dialect !== "socket.io" || speaks) return undefined;
  return (text) => `42${JSON.stringify(["m", text])}`;
}

interface Result {
  readonly payload: { readonly data: { readonly text: string } };
}

type Event = readonly [name: string, text: string];
