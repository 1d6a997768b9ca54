import { createClient } from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { NodeTransportOptions } from "@stream-tungstenite/transport-node";
import { certificate, pkcs12 } from "rig/certificates";
import { expect, vi } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { tls } from "./tls.ts";

parity(tls, {
  69: async () => {
    const ca = certificate({ name: "our authority", isAuthority: true });
    const other = certificate({ name: "another", isAuthority: true });
    const identity = certificate({ name: "server", issuer: ca });
    const us = certificate({ name: "client", issuer: ca });
    const plain = await serve({ tls: identity });
    const mutual = await serve({
      tls: { ...identity, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    });
    const connect = async (url: string, tls?: NodeTransportOptions["tls"]): Promise<void> => {
      const plugins = [nodeTransport({ tls }), fixedDelay(1, { maxAttempts: 0 })];
      await using client = createClient({ url, plugins });
      await client.connect();
    };

    await expect(connect(plain.url)).rejects.toMatchObject({ phase: "tls", retryable: false });
    await connect(plain.url, { ca: ca.cert });
    await connect(plain.url, async () => ({ ca: ca.cert, minVersion: "TLSv1.3" }));
    await expect(connect(plain.url, { ca: other.cert })).rejects.toMatchObject({
      code: "CONNECT",
      phase: "tls",
    });

    const { cert, key } = us;
    await connect(mutual.url, { ca: ca.cert, cert, key });
    await connect(mutual.url, { ca: ca.cert, pfx: pkcs12(us, "sesame"), passphrase: "sesame" });
    await expect(connect(mutual.url, { ca: ca.cert })).rejects.toMatchObject({
      phase: "tls",
      message: expect.stringContaining("tls.cert"),
    });

    const warning = vi.spyOn(process, "emitWarning").mockReturnValue();
    await connect(plain.url, { dangerAcceptInvalidCerts: true });
    expect(warning).toHaveBeenCalledOnce();
    warning.mockRestore();
  },
});
