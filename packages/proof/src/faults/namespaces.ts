import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { warnMissing } from "./programs.ts";

/** A network of its own: its interfaces and its packet filter are nobody else's. */
export interface Namespace {
  readonly address: string;
  /** Of the process that keeps it alive. */
  readonly pid: number;
}

/** Two networks with a cable between them. */
export interface Networks {
  readonly client: Namespace;
  readonly server: Namespace;
}

/** What is done to a packet that arrives. */
export type Treatment =
  | "drop"
  | "tcp flags & (syn | ack) == syn drop"
  | "numgen random mod 100 < 30 drop";

/** The command that runs Node inside a namespace, or just Node. */
export function within(
  namespace: Namespace | undefined,
  args: readonly string[],
): [command: string, args: string[]] {
  if (!namespace) return [process.execPath, [...args]];
  return ["nsenter", [...entrance(namespace), process.execPath, ...args]];
}

/**
 * Makes two networks that end with the test. They have no names and nothing in the network of the machine
 * leads to them: each lives as long as a process that ends when its input does, so nothing stays behind
 * however the test ends.
 */
export async function networks(): Promise<Networks> {
  const client = await namespace("10.0.0.1");
  const server = await namespace("10.0.0.2");
  const peer = String(server.pid);
  run(client, "ip", [
    "link",
    "add",
    "cable",
    "type",
    "veth",
    "peer",
    "name",
    "cable",
    "netns",
    peer,
  ]);
  for (const each of [client, server]) {
    run(each, "ip", ["address", "add", `${each.address}/24`, "dev", "cable"]);
    run(each, "ip", ["link", "set", "lo", "up"]);
    run(each, "ip", ["link", "set", "cable", "up"]);
  }
  return { client, server };
}

/** Treats all packets that arrive in a namespace by a rule of nftables; `heal` takes it back. */
export function treat(namespace: Namespace, treatment: Treatment): void {
  nft(namespace, `add table ip faults`);
  nft(namespace, `add chain ip faults arriving { type filter hook input priority 0; }`);
  nft(namespace, `add rule ip faults arriving iifname "cable" ${treatment}`);
}

/** Packets pass again. */
export function heal(namespace: Namespace): void {
  nft(namespace, "delete table ip faults");
}

/** Why this machine has no such networks; undefined when it has. Warns when it has not. */
export async function missingNetworks(): Promise<string | undefined> {
  const holders: ChildProcess[] = [];
  try {
    const client = await hold("10.0.0.1", holders);
    const server = await hold("10.0.0.2", holders);
    const peer = String(server.pid);
    run(client, "ip", ["link", "add", "v", "type", "veth", "peer", "name", "v", "netns", peer]);
    treat(client, "numgen random mod 100 < 30 drop");
    heal(client);
    return undefined;
  } catch (error) {
    const why = (error as Error).message.trim().replaceAll("\n", "; ");
    warnMissing(
      "Dropped packets, black-holed connects and 30 % loss are",
      `network namespaces want root, iproute2 and nftables (apt-get install iproute2 nftables) and a kernel with veth: ${why}`,
    );
    return why;
  } finally {
    for (const holder of holders) holder.kill("SIGKILL");
  }
}

async function namespace(address: string): Promise<Namespace> {
  const holders: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const holder of holders) {
      const gone = once(holder, "exit");
      if (holder.kill("SIGKILL")) await gone;
    }
  });
  return hold(address, holders);
}

/** Starts the process that keeps a namespace alive. */
async function hold(address: string, holders: ChildProcess[]): Promise<Namespace> {
  const holder = spawn("unshare", ["--net", "cat"], { stdio: ["pipe", "pipe", "pipe"] });
  holders.push(holder);
  let complaints = "";
  holder.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const failed = new Promise<never>((_, reject) => {
    holder.once("error", reject);
    holder.once("close", () => reject(new Error(complaints || "unshare ended")));
  });
  failed.catch(() => {});
  holder.stdin.on("error", () => {});
  // It answers from inside.
  holder.stdin.write("ready\n");
  await Promise.race([once(holder.stdout, "data"), failed]);
  return { address, pid: holder.pid as number };
}

function nft(namespace: Namespace, rule: string): void {
  run(namespace, "nft", [rule]);
}

function entrance({ pid }: Namespace): string[] {
  return [`--net=/proc/${pid}/ns/net`];
}

function run(namespace: Namespace, program: string, args: readonly string[]): void {
  const all = [...entrance(namespace), program, ...args];
  execFileSync("nsenter", all, { stdio: ["ignore", "ignore", "pipe"] });
}
