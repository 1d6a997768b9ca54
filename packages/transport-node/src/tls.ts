import { X509Certificate } from "node:crypto";
// `process` stays the global: importing it reads all it has, standard streams too, and takes milliseconds.
// The whole module: a named import of what Node 20 lacks would not even load there.
import tls, { type ConnectionOptions, type SecureContextOptions } from "node:tls";
import type { TlsOptions } from "./options.ts";
import { objectFaults, refuse, type Rules } from "./rules.ts";

/** What `tls.connect` is given. */
export interface TlsSettings {
  readonly server: ConnectionOptions;
  /** For the TLS of an `https:` proxy: whom to trust, but not who we are. */
  readonly proxy: ConnectionOptions;
}

/** What each option may be. */
export const tlsRules: Rules<TlsOptions> = {
  roots: "'bundled', 'system' or 'both'",
  ca: "a string, bytes or an object",
  cert: "a string or bytes",
  key: "a string or bytes",
  pfx: "bytes",
  passphrase: "a string",
  minVersion: "'TLSv1.2' or 'TLSv1.3'",
  servername: "a string",
  checkServerIdentity: "a function",
  dangerAcceptInvalidCerts: "true or false",
};

/**
 * Reads certificates and keys once, so that mistakes in them show before the first connection.
 *
 * @throws ConfigurationError listing every fault
 */
export function tlsSettings(
  options: TlsOptions,
  getCACertificates: typeof tls.getCACertificates | undefined = tls.getCACertificates,
  faults: string[] = [],
): TlsSettings {
  const own = objectFaults("tls.", options, tlsRules);
  faults.push(...own);
  // What is not of the right kind cannot be read either.
  if (own.length > 0) refuse(faults);
  const { roots, ca, minVersion, servername, checkServerIdentity } = options;
  const { cert, key, pfx, passphrase } = options as SecureContextOptions;
  const read = (what: string, task: () => unknown): void => {
    try {
      task();
    } catch (error) {
      faults.push(`tls.${what} cannot be read: ${(error as Error).message}`);
    }
  };

  const trusted: string[] = [];
  if (roots === "bundled" || roots === "both") trusted.push(...tls.rootCertificates);
  if (roots === "system" || roots === "both") {
    if (getCACertificates) trusted.push(...getCACertificates("system"));
    else {
      faults.push(
        `tls.roots "${roots}" needs Node 22.15, 23.10 or later; this is ${process.version}`,
      );
    }
  }
  read("ca", () => trusted.push(...[ca ?? []].flat().map(toPem)));
  if (!cert !== !key) faults.push("tls.cert and tls.key need each other");
  else if (cert)
    read("cert with tls.key", () => tls.createSecureContext({ cert, key, passphrase }));
  if (pfx) read("pfx", () => tls.createSecureContext({ pfx, passphrase }));
  refuse(faults);

  const rejectUnauthorized = !options.dangerAcceptInvalidCerts;
  if (!rejectUnauthorized) warnOnce();
  const trust = { ca: trusted.length > 0 ? trusted : undefined, minVersion };
  return {
    proxy: { ...trust, rejectUnauthorized },
    server: {
      secureContext: tls.createSecureContext({ ...trust, cert, key, pfx, passphrase }),
      rejectUnauthorized,
      servername,
      checkServerIdentity: (checkServerIdentity ??
        tls.checkServerIdentity) as typeof tls.checkServerIdentity,
    },
  };
}

let warned = false;

function warnOnce(): void {
  if (!warned) process.emitWarning("tls.dangerAcceptInvalidCerts: servers are not verified");
  warned = true;
}

/** Node ignores authorities that it cannot read, and DER: parse them, so that neither goes unnoticed. */
function toPem(ca: string | Uint8Array): string {
  const bytes = Buffer.from(ca as string);
  const parsed = new X509Certificate(bytes);
  return bytes.includes("-----BEGIN") ? bytes.toString() : parsed.toString();
}
