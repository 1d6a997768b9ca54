import type { Fact } from "../matrix/observation.ts";
import { closeCodes } from "./close-codes.ts";
import type { Probe } from "./probes.ts";
import { open } from "./socket.ts";

/** How sockets end. */
export const closing: Readonly<Record<string, Probe>> = {
  /** The code of a connection that the server dropped. */
  async "abnormal code"(server): Promise<Fact> {
    const { watched, peer } = await open(server);
    await peer.drop();
    return codeOf(await watched.first("close"));
  },
  /** Which of the server's close codes are told as they are. */
  async "close codes received"(server): Promise<Fact> {
    const told: number[] = [];
    for (const code of closeCodes) {
      const { watched, peer } = await open(server);
      await peer.close(code);
      if (codeOf(await watched.first("close")) === code) told.push(code);
    }
    return told.join(", ");
  },
  /** Which of some close codes `close` takes. */
  async "close codes sent"(server): Promise<Fact> {
    const taken: number[] = [];
    for (const code of [1000, 1001, 1008, 3000, 4999]) {
      const { watched, peer } = await open(server);
      if (takes(watched.socket, code, "")) taken.push(code);
      else watched.socket.close();
      await peer.closed();
    }
    return taken.join(", ");
  },
  /** Whether `close` refuses a reason that no close frame can hold. */
  async "refuses long reasons"(server): Promise<Fact> {
    const { watched, peer } = await open(server);
    const isTaken = takes(watched.socket, 1000, "x".repeat(124));
    if (!isTaken && !takes(watched.socket, 1000, "x".repeat(123))) return "also of 123 bytes";
    await peer.closed();
    return !isTaken;
  },
};

function takes(socket: WebSocket, code: number, reason: string): boolean {
  try {
    socket.close(code, reason);
    return true;
  } catch {
    return false;
  }
}

function codeOf(event: Event): number {
  return (event as Event & { readonly code: number }).code;
}
