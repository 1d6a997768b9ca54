import { loadAdapter } from "../client/load.ts";
import type { Adapter } from "../client/client.ts";
import type { Job, Sample } from "../task.ts";
import { urlsOf, type Context, type Meter } from "./context.ts";
import { Stopwatch } from "./stopwatch.ts";

const speakers: readonly string[] = ["graphql-ws", "socket.io-client"];

/** Does one job, and gives its figures. Loads only what the job needs. */
export async function perform({ subject, task, port, profile }: Job): Promise<Sample> {
  if (task.kind === "import") return (await import("./import.ts")).importTime(subject);
  const url = urlsOf(port);
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
  const meters = profile === undefined ? undefined : await import("./profile-meter.ts");
  const start = (): Meter =>
    meters === undefined ? new Stopwatch() : new meters.ProfileMeter(profile!);
  const base = { url, collect, start, speaks: speakers.includes(subject) };
  if (subject === "raw") {
    const { rawReceive, rawSend } = await import("./raw.ts");
    const refuse = (): Adapter => {
      throw new Error("a raw socket is no client");
    };
    const context = { ...base, adapter: refuse };
    if (task.kind === "receive") return rawReceive(task, context);
    if (task.kind === "send") return rawSend(task, context);
    return refuse() as never;
  }
  const adapter = await loadAdapter(subject);
  const context: Context = { ...base, adapter };
  switch (task.kind) {
    case "receive":
      return (await import("./receive.ts")).receive(task, context);
    case "send":
      return (await import("./send.ts")).send(task, context);
    case "echo":
      return (await import("./echo.ts")).echo(task, context);
    case "crowd":
      return (await import("./crowd.ts")).crowd(task, context);
    case "idle":
      return (await import("./idle.ts")).idle(task, context);
    case "outage":
      return (await import("./outage.ts")).outage(task, context);
    case "drain":
      return (await import("./drain.ts")).drain(task, context);
    case "allocate":
      return (await import("./allocate.ts")).allocate(task, context);
  }
}
