import type { Fact } from "../matrix/observation.ts";
import type { Probe } from "./probes.ts";
import { fence, open } from "./socket.ts";

// 32 MiB: more than the sockets' buffers of any platform.
const chunks = 512;

/** What is known of messages that are still to be sent. */
export const pressure: Readonly<Record<string, Probe>> = {
  /** Whether it stays up while the server does not read. */
  async bufferedAmount(server): Promise<Fact> {
    const { watched, peer } = await open(server);
    await peer.stall();
    // Noise: what compresses well, as browsers do unasked, never piles up.
    const chunk = crypto.getRandomValues(new Uint8Array(65_536));
    for (let i = 0; i < chunks; i++) watched.socket.send(chunk);
    await fence(server);
    const { bufferedAmount } = watched.socket;
    await peer.drop();
    return bufferedAmount > 0;
  },
};
