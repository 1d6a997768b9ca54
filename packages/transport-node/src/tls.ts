import { X509Certificate } from "node:crypto";
import process from "node:process";
// The whole module: a named import of what Node 20 lacks would not even load there.
import tls, { type ConnectionOptions, type SecureContextOptions } from "node:tls";
import { ConfigurationError } from "@stream-tungstenite/core";
import type { TlsOptions } from "./options.ts";
import { objectFaults, type Rules } from "./rules.ts";

/** What `tls.connect` is given. */
export interface TlsSettings {
  readonly server: ConnectionOptions;
  /** For the TLS of an `https:` proxy: whom to trust, but not who we are. */
  readonly proxy: ConnectionOptions;
}

const isText = (value: unknown): boolean =>
  (typeof value === "string" && value !== "") || value instanceof Uint8Array;

const rules: Rules<TlsOptions> = {
  roots: [
    (value) => ["bundled", "system", "both"].includes(value as string),
    '"bundled", "system" or "both"',
  ],
  ca: [
    (value) => (Array.isArray(value) ? value : [value]).every(isText),
    "PEM text or bytes, or a list of them",
  ],
  cert: [isText, "PEM text or bytes"],
  key: [isText, "PEM text or bytes"],
  pfx: [(value) => value instanceof Uint8Array, "bytes"],
  passphrase: [(value) => typeof value === "string", "a string"],
  minVersion: [(value) => value === "TLSv1.2" || value === "TLSv1.3", '"TLSv1.2" or "TLSv1.3"'],
  servername: [(value) => typeof value === "string", "a string"],
  checkServerIdentity: [(value) => typeof value === "function", "a function"],
  dangerAcceptInvalidCerts: [(value) => typeof value === "boolean", "true or false"],
};

/**
 * Reads certificates and keys once, so that mistakes in them show before the first connection.
 *
 * @throws ConfigurationError listing every fault
 */
export function tlsSettings(
  options: TlsOptions,
  getCACertificates: typeof tls.getCACertificates | undefined = tls.getCACertificates,
): TlsSettings {
  const faults = objectFaults("tls", options, rules, true);
  if (faults.length > 0) throw new ConfigurationError(faults);
  const { roots, cert, key, pfx, passphrase, minVersion, servername, checkServerIdentity } =
    options;

  const read = <T>(what: string, task: () => T): T | undefined => {
    try {
      return task();
    } catch (error) {
      faults.push(`tls.${what} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  };
  if ((cert === undefined) !== (key === undefined))
    faults.push("tls.cert and tls.key need each other");
  if (roots !== undefined && roots !== "bundled" && !getCACertificates) {
    faults.push(
      `tls.roots "${roots}" needs Node 22.15, 23.10 or later, which can read the system's store; this is ${process.version}`,
    );
  }
  const own = read("ca", () => listOf(options.ca).map(toPem)) ?? [];
  const ca =
    roots === undefined
      ? own
      : [
          ...(roots === "system" ? [] : tls.rootCertificates),
          ...(roots === "bundled" ? [] : (getCACertificates?.("system") ?? [])),
          ...own,
        ];
  const trust: SecureContextOptions = {
    ...(roots !== undefined || own.length > 0 ? { ca } : {}),
    ...(minVersion ? { minVersion } : {}),
  };
  const secret = passphrase === undefined ? {} : { passphrase };
  const identity: SecureContextOptions = {
    ...(cert && key ? { cert: toNode(cert), key: toNode(key), ...secret } : {}),
    ...(pfx ? { pfx: toNode(pfx), ...secret } : {}),
  };
  if (pfx) read("pfx", () => tls.createSecureContext({ pfx: toNode(pfx), ...secret }));
  if (cert && key) {
    read("cert with tls.key", () =>
      tls.createSecureContext({ cert: toNode(cert), key: toNode(key), ...secret }),
    );
  }
  if (faults.length > 0) throw new ConfigurationError(faults);

  const verify = options.dangerAcceptInvalidCerts ? { rejectUnauthorized: false } : {};
  if (options.dangerAcceptInvalidCerts) warnOnce();
  return {
    proxy: { ...trust, ...verify },
    server: {
      secureContext: tls.createSecureContext({ ...trust, ...identity }),
      ...verify,
      ...(servername === undefined ? {} : { servername }),
      ...(checkServerIdentity
        ? { checkServerIdentity: checkServerIdentity as typeof tls.checkServerIdentity }
        : {}),
    },
  };
}

let warned = false;

function warnOnce(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    "tls.dangerAcceptInvalidCerts is set: nodeTransport connects without knowing to whom",
    { code: "STREAM_TUNGSTENITE_INSECURE_TLS" },
  );
}

function listOf(ca: TlsOptions["ca"]): readonly (string | Uint8Array)[] {
  return ca === undefined ? [] : Array.isArray(ca) ? ca : [ca as string | Uint8Array];
}

/** Node ignores authorities that it cannot read, and DER: parse them, so that neither goes unnoticed. */
function toPem(ca: string | Uint8Array): string {
  const text = typeof ca === "string" ? ca : Buffer.from(ca).toString("latin1");
  const parsed = new X509Certificate(typeof ca === "string" ? ca : Buffer.from(ca));
  return text.includes("-----BEGIN") ? text : parsed.toString();
}

function toNode(value: string | Uint8Array): string | Buffer {
  return typeof value === "string" ? value : Buffer.from(value);
}
