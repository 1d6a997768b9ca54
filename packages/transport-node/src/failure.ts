import type { TLSSocket } from "node:tls";
import {
  ConfigurationError,
  ConnectError,
  redactUrl,
  type ConnectPhase,
} from "@stream-tungstenite/core";
import type { DialTrace } from "./dial-trace.ts";

/** What of a `ConnectError` a failure may say beside its message. */
interface FailureOptions extends ErrorOptions {
  readonly phase?: ConnectPhase;
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly retryable?: boolean | undefined;
}

/** The dial failed, in the phase it had reached unless told otherwise. */
export function dialFailure(trace: DialTrace, text: string, options: FailureOptions): ConnectError {
  const { proxy } = trace;
  const via = proxy ? ` through the proxy ${proxy.protocol}//${proxy.host}` : "";
  const message = `Cannot connect to ${redactUrl(trace.url)}${via}: ${text}`;
  return new ConnectError(message, { phase: trace.phase, ...options });
}

/** The parts of Node's errors that tell what failed. */
interface Failure {
  readonly message: string;
  readonly reason?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly retryable?: unknown;
  readonly errors?: readonly Failure[];
}

const certificateCode =
  /CERT|^UNABLE_TO_|^CRL_|^INVALID_(CA|PURPOSE)|^PATH_LENGTH|^HOSTNAME_|ALERT_UNKNOWN_CA/;

/** By the error's code. */
const advice: readonly (readonly [code: RegExp, advice: string])[] = [
  [/WRONG_VERSION|^EPROTO/, "does the server speak TLS on this port?"],
  [/ALERT.*C(ERT|A$)/, "the server refused our certificate: set tls.cert and tls.key, or tls.pfx"],
  [/^CERT_HAS_EXPIRED/, "the server must renew it"],
  [/^CERT_NOT_YET/, "is the clock of this machine right?"],
  [/ALTNAME|^HOSTNAME/, "use a name the certificate holds, or set tls.servername"],
  [/SELF_SIGNED|^UNABLE_TO_/, "to trust who issued it, set tls.ca or tls.roots"],
];

/** What made a dial fail, as a `ConnectError` with its phase and the original as `cause`. */
export function connectFailure(error: unknown, trace: DialTrace): ConnectError {
  if (error instanceof ConnectError) return error;
  // What the server said, which may be what it was told.
  delete (error as { rawPacket?: unknown } | undefined)?.rawPacket;
  const failure = asFailure(error);
  // One error for each address tried; the whole has no message of its own.
  const errors = failure.errors ?? [failure];
  const { code, syscall } = errors[0] ?? failure;
  const id = code ?? "";
  const call = syscall ?? "";
  const isTls = /^ERR_(SSL|TLS)_|^EPROTO$/.test(id);
  // The whole message of OpenSSL has line breaks, and addresses in this process and in its sources.
  const own = (isTls && failure.reason) || failure.message;
  const text = own || errors.map(({ message }) => message).join("; ") || "no reason given";
  let { phase } = trace;
  if (/^(getaddrinfo|query)/.test(call)) phase = "dns";
  else if (/^(connect|bind)/.test(call)) phase = "tcp";
  // TLS 1.3 tells a client that its certificate was refused only after the client thinks it is through.
  else if (isTls || certificateCode.test(id)) phase = "tls";
  const socket = trace.socket as TLSSocket | undefined;
  const certificate = phase === "tls" && (!!socket?.authorizationError || certificateCode.test(id));
  const hint = phase === "tls" && advice.find(([pattern]) => pattern.test(id));
  // The place that a redirect names may hold what was sent.
  const shown = text.includes(id) ? text.replace(/^(Invalid URL).*/s, "$1") : `${text} (${id})`;
  const told = hint ? `${shown}; ${hint[1]}` : shown;
  const retryable = !certificate && !trace.isFinal;
  return dialFailure(trace, told, { phase, cause: error, retryable });
}

/**
 * An option could not be had, or makes no sense; only an error with `retryable: false` is final. What the
 * option's function threw is in `cause` only, since it may quote the request that was made for a secret.
 */
export function optionFailure(option: string, error: unknown, trace: DialTrace): ConnectError {
  const { message, retryable } = asFailure(error);
  const told = error instanceof ConfigurationError ? message : "the function threw";
  return dialFailure(trace, `option '${option}': ${told}`, {
    phase: "options",
    cause: error,
    retryable: retryable !== false,
  });
}

function asFailure(error: unknown): Failure {
  return typeof error === "object" && error ? (error as Failure) : { message: String(error) };
}
