import type { Adapter, Setup } from "../client/client.ts";
import { platform } from "../client/platform.ts";
import { tungsteniteInBrowser } from "../client/tungstenite-in-browser.ts";
import type { Job, Sample } from "../task.ts";
import { urlsOf, type Context } from "./context.ts";
import { echo } from "./echo.ts";
import { PageStopwatch } from "./page-stopwatch.ts";
import { receive } from "./receive.ts";
import { send } from "./send.ts";

/** Does one job in a browser, which tells no CPU time. */
export function performInPage({ subject, task, port }: Job): Promise<Sample> {
  const adapter: (setup: Setup) => Adapter =
    subject === "platform" ? platform : tungsteniteInBrowser;
  const context: Context = {
    adapter,
    start: () => new PageStopwatch(),
    url: urlsOf(port),
    collect: () => {},
    speaks: false,
  };
  switch (task.kind) {
    case "receive":
      return receive(task, context);
    case "send":
      return send(task, context);
    case "echo":
      return echo(task, context);
    default:
      throw new Error(`there is no '${task.kind}' in a browser`);
  }
}
