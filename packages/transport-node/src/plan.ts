import type { ClientOptions } from "ws";
import type { DialTrace } from "./dial-trace.ts";
import type { ProvidedOptions } from "./provided.ts";
import type { Settings } from "./settings.ts";

/** What the constructor of `ws` needs for one attempt. */
export function planDial(
  { headers, tls, tunnel }: ProvidedOptions,
  settings: Settings,
  trace: DialTrace,
): ClientOptions {
  trace.headers = { ...headers };
  const { finishRequest } = settings.ws;
  return {
    ...settings.ws,
    ...(tls.server as object),
    headers: trace.headers as Record<string, string>,
    finishRequest(request, socket) {
      trace.watch(request);
      if (!finishRequest) return request.end();
      try {
        finishRequest(request, socket);
      } catch (error) {
        // Nobody would hear of it, nor end what it has begun.
        request
          .removeAllListeners()
          .on("error", () => {})
          .destroy();
        throw error;
      }
    },
    ...tunnel,
  };
}
