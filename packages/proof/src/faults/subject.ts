import { createClient, definePlugin } from "@stream-tungstenite/core";
import type { ClientOptions, PluginList } from "@stream-tungstenite/core";
import { systemClock } from "@stream-tungstenite/core";
import { causeOf, numberOf } from "./told.ts";
import type { Told, ToldOf } from "./told.ts";

/** A client that is given numbered messages and tells all that happens to it. */
export interface Subject {
  /** Rejects when the client gives up first. */
  connect(): Promise<void>;
  /** Gives it a message of so many bytes: with `send`, or with `sendAsync`. */
  send(number: number, bytes: number, wait: boolean): void;
  close(): Promise<void>;
}

/** What a subject is made of, beside its own. */
export interface SubjectOptions extends Partial<Omit<ClientOptions, "url" | "plugins">> {
  readonly url: ClientOptions["url"];
  readonly plugins: PluginList;
}

/** A client in this process. */
export function subject(
  { plugins, ...options }: SubjectOptions,
  tell: (told: Told) => void,
): Subject {
  const at = (): number => systemClock.now();
  let connection = 0;
  const bookkeeper = definePlugin({
    name: "bookkeeper",
    onSend(message, { connectionId }) {
      const number = numberOf(message);
      tell({ at: at(), type: "handed", number, connection: connectionId });
    },
  });
  const client = createClient({ ...options, plugins: [plugins, bookkeeper] });
  client.on("connecting", ({ attempt }) => tell({ at: at(), type: "connecting", attempt }));
  client.on("connected", ({ id, attempt }) => {
    connection = id;
    tell({ at: at(), type: "connected", connection, attempt });
  });
  client.on("disconnected", ({ cause, willRetry, bufferedAmount }) => {
    const given = cause ? causeOf(cause) : null;
    tell({ at: at(), type: "disconnected", connection, cause: given, willRetry, bufferedAmount });
  });
  client.on("reconnectScheduled", ({ attempt, delay }) =>
    tell({ at: at(), type: "reconnectScheduled", attempt, delay }),
  );
  client.on("error", ({ error }) => tell({ at: at(), type: "error", cause: causeOf(error) }));
  client.on("fatal", ({ error }) => tell({ at: at(), type: "fatal", cause: causeOf(error) }));
  client.on("closed", () => tell({ at: at(), type: "closed" }));
  client.on("dropped", ({ messages, reason }) =>
    tell({ at: at(), type: "dropped", numbers: messages.map(numberOf), reason }),
  );
  return {
    connect: () => client.connect(),
    send(number, bytes, wait) {
      const message = `${number} `.padEnd(bytes, "x");
      const taken = (type: ToldOf<"sent">["type"]): void =>
        tell({ at: at(), type, number, bytes: message.length });
      if (wait) {
        taken("waiting");
        client.sendAsync(message).catch((error: unknown) => {
          tell({ at: at(), type: "rejected", number, cause: causeOf(error) });
        });
        return;
      }
      try {
        const outcome = client.send(message);
        taken(outcome === "dropped" ? "refused" : outcome);
      } catch {
        taken("refused");
      }
    },
    async close() {
      await client.close();
    },
  };
}
