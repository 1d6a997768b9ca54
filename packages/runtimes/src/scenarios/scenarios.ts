import { closing } from "./closing.ts";
import { handshakes } from "./handshakes.ts";
import { heartbeats } from "./heartbeats.ts";
import { messages } from "./messages.ts";
import { options } from "./options.ts";
import { outages } from "./outages.ts";
import type { Scenario } from "./scene.ts";
import { sending } from "./sending.ts";

/** Everything that the client must do in every runtime. */
export const scenarios: readonly Scenario[] = [
  outages,
  handshakes,
  sending,
  messages,
  heartbeats,
  closing,
  options,
].flat();
