import type {
  ClientEvents,
  Extension,
  Message,
  MessageContext,
  PluginContext,
} from "@stream-tungstenite/core";
import { lines } from "./lines.ts";
import type { Line } from "./lines.ts";
import { levels, settingsOf } from "./options.ts";
import type { LoggingOptions } from "./options.ts";
import { printer } from "./printer.ts";
import { showMessage, showText } from "./show.ts";

/** Makes logging extensions. */
export interface Logging {
  /**
   * Logs what a client does, and its messages when asked. Serves one client at a time.
   *
   * Its place in the list of plugins says what it sees: as the first the messages as the application gives
   * and gets them, as the last those on the wire. It changes none.
   *
   * @throws ConfigurationError listing every option that cannot work
   */
  (options?: LoggingOptions): Extension;
  /** The same with `messages: true` and so `level: "debug"`, unless the options say otherwise. */
  verbose(options?: LoggingOptions): Extension;
}

function make(options: LoggingOptions, isVerbose: boolean): Extension {
  const settings = settingsOf(options, isVerbose);
  let context: PluginContext | undefined;
  const print = printer(settings, (error) => {
    // Once: it may fail for every line, and an error is a line itself.
    const told = context;
    context = undefined;
    told?.report(error);
  });
  const hook =
    (direction: string) =>
    (message: Message, { origin }: MessageContext): void =>
      print("debug", () => `${direction}: ${showMessage(message, origin, settings)}`);
  return {
    name: settings.name,
    setup(given) {
      context = given;
      const { client } = given;
      const leave = (Object.keys(lines) as (keyof ClientEvents)[]).map((event) =>
        client.on(event, (payload: unknown) => {
          const [wanted, text] = (lines[event] as (event: unknown, url: string) => Line)(
            payload,
            client.url,
          );
          // An error may quote all that a server sent.
          print(wanted, () => showText(text, settings).slice(0, 1_000));
        }),
      );
      return () => leave.forEach((undo) => undo());
    },
    // An absent hook costs nothing per message.
    ...(settings.messages &&
      levels.indexOf(settings.level) > 2 && { onMessage: hook("received"), onSend: hook("sent") }),
  };
}

/** {@inheritDoc Logging} */
export const logging: Logging = /* @__PURE__ */ Object.assign(
  (options: LoggingOptions = {}) => make(options, false),
  { verbose: (options: LoggingOptions = {}) => make(options, true) },
);
