import type { ClientOptions } from "./options.ts";

/** Notices a loss soon: receive and connect timeout 10 s, TCP_NODELAY, readers of 512 messages. Spread it. */
export const fastReconnect: Partial<ClientOptions> = {
  receiveTimeout: 10_000,
  connectTimeout: 10_000,
  noDelay: true,
  receiveBuffer: 512,
};

/** Patient, for long-lived connections: 60 s, 60 s, no TCP_NODELAY, readers of 128 messages. Spread it. */
export const stableConnection: Partial<ClientOptions> = {
  receiveTimeout: 60_000,
  connectTimeout: 60_000,
  noDelay: false,
  receiveBuffer: 128,
};

/** Impatient: 5 s, 5 s, TCP_NODELAY, readers of 512 messages. Spread it. */
export const lowLatency: Partial<ClientOptions> = {
  receiveTimeout: 5_000,
  connectTimeout: 5_000,
  noDelay: true,
  receiveBuffer: 512,
};
