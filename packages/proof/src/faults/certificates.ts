import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./daemon.ts";

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** Host name or IP address it is for. @defaultValue IP:127.0.0.1 */
  readonly host?: `IP:${string}` | `DNS:${string}`;
  /** Days it is valid for; below zero it has expired. @defaultValue 2 */
  readonly days?: number;
  /** @defaultValue itself */
  readonly issuer?: Identity;
}

/** Makes certificates with OpenSSL, as those who run servers do. */
export class CertificateMaker {
  readonly #openssl: string;
  readonly #folder = temporaryFolder();

  constructor(openssl: string) {
    this.#openssl = openssl;
  }

  /** A certificate that signs others. */
  authority(name: string): Identity {
    return this.#sign(name, "basicConstraints=critical,CA:true\nkeyUsage=keyCertSign", {});
  }

  /** The certificate of a server or a client. */
  certificate(name: string, options: CertificateOptions = {}): Identity {
    const { host = "IP:127.0.0.1" } = options;
    return this.#sign(name, `subjectAltName=${host}`, options);
  }

  /** The same as a PKCS#12 archive. */
  pkcs12({ cert, key }: Identity, passphrase: string): Uint8Array {
    const [certFile, keyFile] = this.#write({ cert, key });
    const archive = this.#file("pfx");
    const password = ["-passout", `pass:${passphrase}`];
    this.#run(
      ["pkcs12", "-export", "-in", certFile, "-inkey", keyFile, "-out", archive].concat(password),
    );
    return readFileSync(archive);
  }

  #sign(name: string, extensions: string, { days = 2, issuer }: CertificateOptions): Identity {
    const key = this.#file("key");
    const request = this.#file("request");
    const cert = this.#file("cert");
    const more = this.#file("extensions");
    writeFileSync(more, extensions);
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    this.#run(["req", ...curve, "-subj", `/CN=${name}`, "-keyout", key, "-out", request]);
    let signer = ["-signkey", key];
    if (issuer) {
      const [issuerCert, issuerKey] = this.#write(issuer);
      signer = ["-CA", issuerCert, "-CAkey", issuerKey, "-CAcreateserial"];
    }
    const validity = ["-days", String(days)];
    this.#run(
      ["x509", "-req", "-in", request, "-extfile", more, "-out", cert].concat(signer, validity),
    );
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  }

  #write({ cert, key }: Identity): [cert: string, key: string] {
    const files: [string, string] = [this.#file("cert"), this.#file("key")];
    writeFileSync(files[0], cert);
    writeFileSync(files[1], key);
    return files;
  }

  #files = 0;
  #file(kind: string): string {
    return join(this.#folder, `${kind}${this.#files++}`);
  }

  #run(args: readonly string[]): void {
    execFileSync(this.#openssl, args, { stdio: ["ignore", "ignore", "pipe"] });
  }
}
