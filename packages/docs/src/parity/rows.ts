import { client } from "./client.ts";
import { config } from "./config.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { extensions } from "./extensions.ts";
import { handshakes } from "./handshakes.ts";
import { lowLevel } from "./low-level.ts";
import { receiving } from "./receiving.ts";
import { retrying } from "./retrying.ts";
import type { Area } from "./row.ts";
import { sending } from "./sending.ts";
import { state } from "./state.ts";
import { tls } from "./tls.ts";

/** All that the Rust crate's API shows, in its order. */
export const areas: readonly Area[] = [
  client,
  receiving,
  events,
  sending,
  config,
  retrying,
  handshakes,
  extensions,
  state,
  errors,
  tls,
  lowLevel,
];
