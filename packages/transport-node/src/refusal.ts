import { STATUS_CODES, type IncomingMessage } from "node:http";
import { redactUrl, type ConnectError } from "@stream-tungstenite/core";
import type { TransportClock } from "./clock.ts";
import type { DialTrace } from "./dial-trace.ts";
import { dialFailure } from "./failure.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { blank, secretsOf } from "./secrets.ts";

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
  return refusal(response, trace, clock, Buffer.concat(chunks).toString());
}

function refusal(
  response: IncomingMessage,
  trace: DialTrace,
  clock: TransportClock,
  body: string,
): ConnectError {
  const { statusCode: status = 0, headers } = response;
  const who = trace.refusedByProxy ? "the proxy" : "the server";
  const secrets = secretsOf(trace);
  const { location } = headers;
  // Its origin and path; the rest may be secret.
  const place = location && status >= 300 && status < 400 && redactUrl(location).split("?")[0];
  const moved = place
    ? ` to ${excerpt(blank(place, secrets, false))}; set followRedirects to follow it`
    : "";
  const locked =
    trace.refusedByProxy && [401, 407].includes(status)
      ? "; set user and password in option proxy"
      : "";
  // Half a character at the end would hide that half a secret stands before it.
  const said = excerpt(blank(body.replace(/\ufffd+$/, ""), secrets, true));
  const answer = `HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  return dialFailure(trace, `${who} answered ${answer}${moved}${locked}${said && `: ${said}`}`, {
    phase: "upgrade",
    status,
    retryAfter: parseRetryAfter(headers["retry-after"], clock.now()),
  });
}

/** One line, and not a long one. Control and format characters would reach terminals and logs. */
function excerpt(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, " ").trim();
  return line.length > excerptLength ? `${line.slice(0, excerptLength)}…` : line;
}
