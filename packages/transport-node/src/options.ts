import type { Provided } from "@stream-tungstenite/core";

/** Options of `nodeTransport`. Those that may be functions are asked on every attempt. */
export interface NodeTransportOptions {
  /** Headers of the opening handshake, beside those of the protocol itself. @defaultValue none */
  readonly headers?: Provided<NodeHeaders> | undefined;
  /** For `wss:` URLs, and in part for an `https:` proxy. @defaultValue Node's own */
  readonly tls?: Provided<TlsOptions> | undefined;
  /**
   * URL of a proxy: `http:`, `https:`, `socks4:`, `socks4a:`, `socks5:`, `socks5h:` or `socks:`, with its
   * credentials; `"environment"` reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in lower case
   * first. @defaultValue no proxy
   */
  readonly proxy?: Provided<string | URL | "environment" | undefined> | undefined;
  /** A `http.Agent` (`https.Agent` for `wss:`) of your own; not together with `proxy`. @defaultValue none */
  readonly agent?: unknown;
  /** Message compression (RFC 7692), or its options as `ws` has them. @defaultValue false */
  readonly perMessageDeflate?: boolean | object | undefined;
  /** Bytes of the longest message taken; a longer one ends the connection with 1009. @defaultValue 104_857_600 */
  readonly maxPayload?: number | undefined;
  /** Milliseconds of silence before TCP keep-alive probes begin; `false` for none. @defaultValue false */
  readonly keepAlive?: number | false | undefined;
  /** IP address of this machine to connect from. @defaultValue chosen by the system */
  readonly localAddress?: string | undefined;
  /** IP version: 4, 6, or 0 for both. @defaultValue 0 */
  readonly family?: 0 | 4 | 6 | undefined;
  /** A `LookupFunction` of `node:net` instead of `dns.lookup`. @defaultValue none */
  readonly lookup?: unknown;
  /** Follow HTTP redirects; credentials are not sent on to another host. @defaultValue false */
  readonly followRedirects?: boolean | undefined;
  /** Any other option of `ws`, `http.request` or `https.request`. @defaultValue none */
  readonly ws?: object | undefined;
  /** For errors and logs. @defaultValue "node" */
  readonly name?: string | undefined;
}

/** Header names and their values. */
export type NodeHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Whom to trust and who we are. Certificates and keys are PEM text or its bytes; `ca` may be DER too. */
export interface TlsOptions {
  /**
   * Roots to trust: those that come with Node, the operating system's, or both. `system` needs Node
   * 22.15, 23.10 or later. @defaultValue what Node trusts by default, or `ca` alone
   */
  readonly roots?: "bundled" | "system" | "both" | undefined;
  /** Authorities to trust: alone, or beside `roots` where that is given. @defaultValue none */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Client certificate with its chain; needs `key`. @defaultValue none */
  readonly cert?: string | Uint8Array | undefined;
  /** Private key of `cert`. @defaultValue none */
  readonly key?: string | Uint8Array | undefined;
  /** PKCS#12 archive with client certificate and key. @defaultValue none */
  readonly pfx?: Uint8Array | undefined;
  /** Of `key` or `pfx`. @defaultValue none */
  readonly passphrase?: string | undefined;
  /** @defaultValue "TLSv1.2" */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
  /** Name to ask for (SNI, RFC 6066 §3) and to check the certificate against. @defaultValue the URL's host */
  readonly servername?: string | undefined;
  /** As in `tls.connect`: returns an error to refuse the certificate. @defaultValue `tls.checkServerIdentity` */
  readonly checkServerIdentity?: unknown;
  /** Switches verification off; warns once per process. @defaultValue false */
  readonly dangerAcceptInvalidCerts?: boolean | undefined;
}
