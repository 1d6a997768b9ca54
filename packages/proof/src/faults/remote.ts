import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BuildResult } from "esbuild";
import { onTestFinished } from "vitest";
import type { Command } from "./client-process.ts";
import { within } from "./namespaces.ts";
import type { Namespace } from "./namespaces.ts";
import type { Subject } from "./subject.ts";
import type { Told } from "./told.ts";

const source = fileURLToPath(new URL("client-process.ts", import.meta.url));
/** From where it finds the packages that are left out of it. */
const cwd = fileURLToPath(new URL(".", import.meta.url));
let built: Promise<BuildResult<{ write: false }>> | undefined;

/** A client in a process of its own inside a namespace. Node 20 cannot run the sources, so they are bundled. */
export async function remote(
  namespace: Namespace,
  options: Omit<Extract<Command, { command: "create" }>, "command">,
  tell: (told: Told) => void,
): Promise<Subject> {
  built ??= build({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@stream-tungstenite/source"],
    external: ["ws", "https-proxy-agent", "socks"],
    logLevel: "silent",
  });
  const { outputFiles } = await built;
  const [command, args] = within(namespace, ["--input-type=module", "-"]);
  const child = spawn(command, args, { cwd, stdio: ["pipe", "inherit", "inherit", "ipc"] });
  child.stdin?.end(outputFiles[0]?.contents);
  const gone = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  onTestFinished(async () => {
    if (child.kill("SIGKILL")) await gone;
  });
  child.on("message", (told: Told) => tell(told));
  const order = (what: Command): void => void child.send(what);
  order({ command: "create", ...options });
  return {
    async connect() {
      order({ command: "connect" });
    },
    send: (number, bytes, wait) => order({ command: "send", number, bytes, wait }),
    async close() {
      order({ command: "close" });
      await gone;
    },
  };
}
