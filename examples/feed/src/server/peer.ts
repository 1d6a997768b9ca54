import { decodeClientMessage, type Channel, type ServerMessage } from "../protocol.ts";
import type { Journal } from "./journal.ts";

/** What a peer needs from its socket and its server. */
export interface PeerOptions {
  readonly token: string;
  readonly journal: Journal;
  readonly send: (message: ServerMessage) => void;
  readonly close: (code: number, reason: string) => void;
}

/** The server's side of one conversation: who is it, what does it want, which orders did it send. */
export interface Peer {
  /** Takes one message of the client, in the order they arrived. */
  readonly receive: (text: unknown) => void;
  /** Whether the client has subscribed the channel. */
  readonly wants: (channel: Channel) => boolean;
}

type Stage =
  | { readonly at: "greeting" }
  | {
      readonly at: "authenticated";
      readonly session: string;
      readonly channels: readonly Channel[];
    }
  | { readonly at: "refused" };

/** A conversation that begins. Refused clients learn why by an error message, then by a close code. */
export function peer({ token, journal, send, close }: PeerOptions): Peer {
  let stage: Stage = { at: "greeting" };

  const refuse = (code: number, reason: string): void => {
    stage = { at: "refused" };
    send({ type: "error", reason });
    close(code, reason);
  };

  return {
    receive(text) {
      // A client that was refused may have more on its way; it must not get through by insisting.
      if (stage.at === "refused") return;
      const message = decodeClientMessage(text);
      if (message === undefined) return refuse(1008, "not a message of this protocol");
      if (message.type === "auth") {
        if (message.token !== token) return refuse(4401, "invalid token");
        stage = { at: "authenticated", session: message.session, channels: [] };
        return send({ type: "authenticated", session: message.session });
      }
      if (stage.at === "greeting") return refuse(1008, `${message.type} before auth`);
      if (message.type === "subscribe") {
        stage = { ...stage, channels: [...stage.channels, ...message.channels] };
        send({ type: "subscribed", channels: message.channels });
        return send({ type: "receipts", ranges: journal.orders(stage.session) });
      }
      const entered = journal.enter(stage.session, message.number);
      send({ type: "receipt", number: message.number, duplicate: !entered });
    },
    wants: (channel) => stage.at === "authenticated" && stage.channels.includes(channel),
  };
}
