import { generateKeyPairSync } from "node:crypto";
import { systemClock } from "@stream-tungstenite/core";
import forge from "node-forge";

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  readonly name: string;
  /** Subject alternative names: DNS names or IP addresses. @defaultValue 127.0.0.1 and localhost */
  readonly hosts?: readonly string[];
  /** Years from now. @defaultValue -1 */
  readonly from?: number;
  /** Years from now. @defaultValue 1 */
  readonly until?: number;
  readonly isAuthority?: boolean;
  /** @defaultValue itself */
  readonly issuer?: Identity;
}

let serial = 1;

/** Makes a certificate; self-signed without an issuer. */
export function certificate(options: CertificateOptions): Identity {
  const { name, hosts = ["127.0.0.1", "localhost"], from = -1, until = 1, issuer } = options;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = `0${serial++}`.slice(-2);
  cert.validity.notBefore = yearsFromNow(from);
  cert.validity.notAfter = yearsFromNow(until);
  const subject = [{ name: "commonName", value: name }];
  cert.setSubject(subject);
  cert.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.cert).subject.attributes : subject);
  cert.setExtensions(
    options.isAuthority
      ? [
          { name: "basicConstraints", cA: true, critical: true },
          { name: "keyUsage", keyCertSign: true },
        ]
      : [
          {
            name: "subjectAltName",
            altNames: hosts.map((host) =>
              /^[\d.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
            ),
          },
        ],
  );
  cert.sign(forge.pki.privateKeyFromPem(issuer?.key ?? privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert), key: privateKey };
}

/** The same as a PKCS#12 archive. */
export function pkcs12({ cert, key }: Identity, passphrase: string): Uint8Array {
  const archive = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key),
    forge.pki.certificateFromPem(cert),
    passphrase,
    { algorithm: "aes256" },
  );
  return Buffer.from(forge.asn1.toDer(archive).getBytes(), "latin1");
}

/** The DER bytes of a PEM certificate. */
export function der(pem: string): Uint8Array {
  return Buffer.from(
    forge.asn1.toDer(forge.pki.certificateToAsn1(forge.pki.certificateFromPem(pem))).getBytes(),
    "latin1",
  );
}

function yearsFromNow(years: number): Date {
  return new Date(systemClock.now() + years * 365 * 86_400_000);
}
