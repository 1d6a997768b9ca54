import { generateKeyPairSync } from "node:crypto";
import { systemClock } from "@stream-tungstenite/core";
import forge from "node-forge";

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

let serial = 1;

/** Makes an authority: a certificate that signs others. */
export function authority(name: string): Identity {
  return sign(name, undefined, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true },
  ]);
}

/** Makes a certificate for 127.0.0.1, valid for a year. */
export function certificate(name: string, issuer: Identity): Identity {
  return sign(name, issuer, [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }]);
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

function sign(name: string, issuer: Identity | undefined, extensions: object[]): Identity {
  const { privateKey: key, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = `0${serial++}`.slice(-2);
  const now = systemClock.now();
  cert.validity.notBefore = new Date(now - 86_400_000);
  cert.validity.notAfter = new Date(now + 365 * 86_400_000);
  const subject = [{ name: "commonName", value: name }];
  cert.setSubject(subject);
  cert.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.cert).subject.attributes : subject);
  cert.setExtensions(extensions);
  cert.sign(forge.pki.privateKeyFromPem(issuer?.key ?? key), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert), key };
}
