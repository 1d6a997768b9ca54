import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A worker that waits for requests. */
export interface Workerd extends AsyncDisposable {
  readonly url: string;
}

/** Serves a bundle; it may connect to this machine and to nothing else. */
export async function startWorkerd(program: string, bundle: string): Promise<Workerd> {
  const config = join(dirname(bundle), "workerd.capnp");
  writeFileSync(config, configOf(basename(bundle)));
  // It writes the port that it was given to the descriptor named.
  const workerd = spawn(program, ["serve", config, "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const exited = once(workerd, "exit");
  const messages = createInterface({ input: workerd.stdio[3] as Readable });
  const [message] = (await Promise.race([
    once(messages, "line"),
    exited.then(() => Promise.reject(new Error("workerd did not start"))),
  ])) as [string];
  const { port } = JSON.parse(message) as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      messages.close();
      workerd.kill();
      await exited;
    },
  };
}

function configOf(module: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "${module}")],
  compatibilityDate = "2026-11-01",
);
`;
}
