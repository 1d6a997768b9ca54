import { STATUS_CODES, type IncomingMessage } from "node:http";
import { redactUrl, type ConnectError } from "@stream-tungstenite/core";
import type { TransportClock } from "./clock.ts";
import type { DialTrace } from "./dial-trace.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { secretsOf } from "./secrets.ts";

/** Bytes of an answer's body that are read, and milliseconds waited for them. */
const bodyBytes = 2_048;
const bodyTime = 500;
/** Characters of it in the message. */
const excerptLength = 200;

/**
 * Tells of an HTTP answer that is not the switch of protocols (RFC 6455 §4.1), with the start of its body,
 * where servers say why.
 */
export async function readRefusal(
  response: IncomingMessage,
  trace: DialTrace,
  clock: TransportClock,
): Promise<ConnectError> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    // A body that never ends must not hold up the status, which says whether and when to try again.
    const cancel = clock.schedule(bodyTime, resolve);
    const finish = (): void => {
      cancel();
      resolve();
    };
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, bodyBytes));
      size += chunk.length;
      if (size >= bodyBytes) finish();
    });
    // An answer that is cut off raises `error` and `close`.
    response.on("end", finish).on("close", finish).on("error", finish);
  });
  return refusal(response, trace, clock, excerpt(Buffer.concat(chunks), secretsOf(trace)));
}

function refusal(
  response: IncomingMessage,
  trace: DialTrace,
  clock: TransportClock,
  body: string,
): ConnectError {
  const { statusCode: status = 0, headers } = response;
  const who = trace.refusedByProxy ? "the proxy" : "the server";
  const { location } = headers;
  // Its origin and path; the rest may be secret.
  const moved =
    location && status >= 300 && status < 400
      ? ` to ${redactUrl(location).split("?")[0]}; set followRedirects to follow it`
      : "";
  const locked =
    trace.refusedByProxy && [401, 407].includes(status)
      ? "; set user and password in option proxy"
      : "";
  const answer = `HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  return trace.failure(`${who} answered ${answer}${moved}${locked}${body && `: ${body}`}`, {
    phase: "upgrade",
    status,
    retryAfter: parseRetryAfter(headers["retry-after"], clock.now()),
  });
}

/** Without control characters, and without what the server may have echoed of our credentials. */
function excerpt(body: Buffer, secrets: readonly string[]): string {
  let text = body.toString();
  for (const secret of secrets) text = text.replaceAll(secret, "***");
  // Control and format characters would reach terminals and logs.
  text = text.replace(/[\s\p{C}]+/gu, " ").trim();
  return text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text;
}
