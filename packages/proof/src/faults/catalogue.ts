/** Every fault that is tried, by where it is. */
export const catalogue = {
  "The server's process": ["SIGKILL", "SIGTERM", "SIGSTOP, then SIGCONT", "a short SIGSTOP"],
  "A TCP proxy": [
    "latency",
    "throttling",
    "a stall",
    "a stall with full buffers",
    "a reset",
    "half-close by the server",
    "a frame to the client cut short",
    "a frame to the server cut short",
    "refused dials",
    "dials accepted and cut",
  ],
  "Dropped packets": [
    "half-open connection",
    "black-holed connect",
    "30 % loss",
    "30 % loss while dialling",
  ],
  nginx: [
    "reload",
    "idle timeout",
    "idle timeout, with a heartbeat below it",
    "502, the server behind is away",
    "503 with Retry-After",
    "429 with Retry-After",
    "401, credentials that stay wrong",
    "401, fresh credentials from a function",
  ],
  haproxy: [
    "reload (-sf)",
    "idle timeout",
    "503, the server behind is away",
    "429 with Retry-After",
    "401",
  ],
  "An HTTP CONNECT proxy (tinyproxy)": [
    "proxy killed and started again",
    "wrong credentials",
    "wrong credentials, right ones from a function",
    "no credentials, right ones from a function",
  ],
  TLS: [
    "own CA, not trusted",
    "expired certificate",
    "certificate of another host",
    "self-signed certificate",
    "no client certificate, then one by PEM",
    "no client certificate, then one by PKCS#12",
    "unknown client certificate, cut by Node",
    "unknown client certificate, refused by haproxy",
  ],
} as const;

/** Where a fault is. */
export type Place = keyof typeof catalogue;

/** A fault of a place. */
export type Fault<P extends Place = Place> = (typeof catalogue)[P][number];
