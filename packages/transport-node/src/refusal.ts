import { STATUS_CODES, type IncomingMessage } from "node:http";
import { ConnectError } from "@stream-tungstenite/core";
import type { TransportClock } from "./clock.ts";
import type { DialTrace } from "./dial-trace.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** Bytes of an answer's body that are read, and milliseconds waited for them. */
const bodyBytes = 2_048;
const bodyTime = 500;
/** Characters of it in the message. */
const excerptLength = 200;

/**
 * Tells of an HTTP answer that is not the switch of protocols (RFC 6455 §4.1), with the start of its body,
 * where servers say why.
 */
export function readRefusal(
  response: IncomingMessage,
  trace: DialTrace,
  clock: TransportClock,
  done: (error: ConnectError) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let finished = false;
  // Called more than once: an answer cut off raises `error` and `close` after all.
  const finish = (): void => {
    if (finished) return;
    finished = true;
    cancel();
    response.off("data", take);
    done(refusal(response, trace, clock, excerpt(Buffer.concat(chunks), trace.secrets)));
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyBytes) finish();
  };
  // A body that never ends must not hold up the status, which says whether and when to try again.
  const cancel = clock.schedule(bodyTime, finish);
  response.on("data", take).on("end", finish).on("close", finish).on("error", finish);
}

function refusal(
  response: IncomingMessage,
  trace: DialTrace,
  clock: TransportClock,
  body: string,
): ConnectError {
  const status = response.statusCode ?? 0;
  const who = trace.refusedByProxy ? `the proxy ${trace.proxy}` : "the server";
  const via = trace.proxy && !trace.refusedByProxy ? ` (through the proxy ${trace.proxy})` : "";
  const name = STATUS_CODES[status];
  const { location } = response.headers;
  return new ConnectError(
    `Cannot connect to ${trace.url}: ${who}${via} answered HTTP ${status}${name ? ` ${name}` : ""}` +
      (status >= 300 && status < 400 && location ? redirect(location, trace.url) : "") +
      (body && `: ${body}`),
    {
      phase: "upgrade",
      status,
      retryAfter: parseRetryAfter(response.headers["retry-after"], clock.now()),
    },
  );
}

function redirect(location: string, base: string): string {
  if (!URL.canParse(location, base)) return ", with a Location that is no URL";
  const { protocol, host, pathname } = new URL(location, base);
  return ` to ${protocol}//${host}${pathname}; set followRedirects to follow it`;
}

/** Without control characters, and without what the server may have echoed of our credentials. */
function excerpt(body: Buffer, secrets: readonly string[]): string {
  let text = body.toString();
  for (const secret of secrets) text = text.replaceAll(secret, "***");
  // Control and format characters would reach terminals and logs.
  text = text.replace(/[\s\p{C}]+/gu, " ").trim();
  return text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text;
}
