import { createClient } from "@stream-tungstenite/core";
import type {
  ClientOptions,
  Message,
  PluginList,
  StreamTungsteniteError,
  Transport,
} from "@stream-tungstenite/core";
import { onTestFinished } from "vitest";

/** How a client judged a server that it gave up on. */
export interface Verdict {
  /** Why the dial or the connection ended. */
  readonly cause: StreamTungsteniteError;
  /** Whether a retry was thought to help. */
  readonly wasWorthARetry: boolean;
  /** What reached the application. */
  readonly messages: readonly Message[];
}

/** A client that gives up where it would wait for its first retry, and what it made of the server. */
export async function judged(
  url: string,
  transport: Transport,
  options: Partial<ClientOptions> & { readonly extra?: PluginList } = {},
): Promise<Verdict> {
  const { extra = [], ...rest } = options;
  let wasWorthARetry = false;
  const client = createClient({
    url,
    ...rest,
    plugins: [
      transport,
      {
        name: "give-up",
        nextDelay() {
          wasWorthARetry = true;
          return null;
        },
      },
      extra,
    ],
  });
  onTestFinished(async () => void (await client.close({ timeout: 1 })));
  const messages: Message[] = [];
  client.on("message", (message) => messages.push(message));
  const { error } = await new Promise<{ readonly error: StreamTungsteniteError }>((resolve) => {
    client.on("fatal", resolve);
    void client.connect();
  });
  const cause = (wasWorthARetry ? error.cause : error) as StreamTungsteniteError;
  return { cause, wasWorthARetry, messages };
}
