import type { AttemptContext } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { DialTrace } from "./dial-trace.ts";
import type { ProvidedOptions } from "./provided.ts";
import type { Settings } from "./settings.ts";

/**
 * Gives what the constructor of `ws` needs for one attempt.
 *
 * @throws ConnectError with phase `options` when it cannot be had
 */
export async function planDial(
  url: URL,
  settings: Settings,
  context: AttemptContext,
  trace: DialTrace,
): Promise<ClientOptions> {
  const { headers, tls, tunnel }: ProvidedOptions =
    settings.freshCredentials || settings.proxy
      ? // Loaded for options that need asking, or a proxy.
        await (await import("./provided.ts")).askProviders(url, settings, context, trace)
      : settings;
  trace.headers = { ...headers };
  const { finishRequest } = settings.ws;
  return {
    ...settings.ws,
    ...(tls.server as object),
    headers: trace.headers as Record<string, string>,
    finishRequest(request, socket): void {
      trace.watch(request);
      if (finishRequest) finishRequest(request, socket);
      else request.end();
    },
    ...tunnel,
  };
}
