import { generateKeyPairSync } from "node:crypto";
import { systemClock } from "@stream-tungstenite/core";
import forge from "node-forge";

/** A certificate that nobody else has signed, for 127.0.0.1, with its key; both PEM. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  const { privateKey: key, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = "01";
  cert.validity.notBefore = new Date(systemClock.now() - 86_400_000);
  cert.validity.notAfter = new Date(systemClock.now() + 86_400_000);
  const subject = [{ name: "commonName", value: "self" }];
  cert.setSubject(subject);
  cert.setIssuer(subject);
  cert.setExtensions([{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }]);
  cert.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert), key };
}
