import {
  ConnectError,
  isStreamTungsteniteError,
  type ConnectPhase,
} from "@stream-tungstenite/core";
import type { DialTrace } from "./dial-trace.ts";

/** The parts of Node's errors that tell what failed. */
interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly errors?: readonly Failure[];
  readonly retryable?: unknown;
}

const certificateCode =
  /CERT|^UNABLE_TO_|^CRL_|^INVALID_(CA|PURPOSE)|^PATH_LENGTH|^HOSTNAME_MISMATCH|ALERT_UNKNOWN_CA/;

/** What made a dial fail, as a `ConnectError` with its phase and the original as `cause`. */
export function connectFailure(error: unknown, trace: DialTrace): ConnectError {
  if (isStreamTungsteniteError(error) && error instanceof ConnectError) return error;
  const failure = asFailure(error);
  const code = failure.code ?? failure.errors?.[0]?.code ?? "";
  const phase = phaseOf(failure, code, trace.phase);
  const certificate = phase === "tls" && (trace.certificateRefused || certificateCode.test(code));
  const via = trace.proxy && ` through the proxy ${trace.proxy}`;
  return new ConnectError(
    `Cannot connect to ${trace.url}${via}: ${describe(failure, code)}${advice(code, certificate)}`,
    { phase, cause: error, retryable: certificate ? false : undefined },
  );
}

/** An option could not be had, or makes no sense; only an error with `retryable: false` is final. */
export function optionFailure(option: string, error: unknown, trace: DialTrace): ConnectError {
  const { message, retryable } = asFailure(error);
  return new ConnectError(`Cannot connect to ${trace.url}: option '${option}': ${message}`, {
    phase: "options",
    cause: error,
    retryable: retryable !== false,
  });
}

function asFailure(error: unknown): Failure {
  return typeof error === "object" && error !== null
    ? (error as Failure)
    : { message: String(error) };
}

function phaseOf(failure: Failure, code: string, reached: ConnectPhase): ConnectPhase {
  const syscall = failure.syscall ?? failure.errors?.[0]?.syscall ?? "";
  if (/^(getaddrinfo|query)/.test(syscall)) return "dns";
  if (/^(connect|bind)/.test(syscall)) return "tcp";
  // TLS 1.3 tells a client that its certificate was refused only after the client thinks it is through.
  if (/^ERR_(SSL|TLS)_|^EPROTO$/.test(code) || certificateCode.test(code)) return "tls";
  return reached;
}

/** An `AggregateError`, one error for each address tried, has no message of its own. */
function describe(failure: Failure, code: string): string {
  const text =
    failure.message ||
    failure.errors?.map(({ message }) => message).join("; ") ||
    "no reason given";
  return code && !text.includes(code) ? `${text} (${code})` : text;
}

function advice(code: string, certificate: boolean): string {
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO") {
    return "; does the server speak TLS on this port?";
  }
  if (!certificate) return "";
  if (code.includes("ALERT"))
    return "; the server refused our certificate: set tls.cert and tls.key, or tls.pfx";
  if (code === "CERT_HAS_EXPIRED") return "; the server's certificate must be renewed";
  if (code === "CERT_NOT_YET_VALID") return "; is the clock of this machine right?";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "; connect by a name the certificate holds, or set tls.servername";
  }
  if (code.includes("SELF_SIGNED") || code.startsWith("UNABLE_TO_")) {
    return "; if you trust who issued the certificate, set tls.ca to it, or tls.roots";
  }
  return "; the certificate is not accepted";
}
