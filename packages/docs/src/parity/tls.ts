import type { Area } from "./row.ts";

export const tls: Area = {
  title: "TLS",
  rows: [
    {
      number: 69,
      feature: "Own CA, client certificates, no verification",
      crate:
        "`with_custom_ca_cert`, `with_client_identity`, `danger_accept_invalid_certs` of `DefaultConnector`, which the client's builder does not take",
      ours: "`nodeTransport({ tls: { ca, cert, key, pfx, dangerAcceptInvalidCerts, … } })`",
      verdict: "more",
      difference:
        "They work with the client, and may be a function asked on every attempt. A refused certificate is not retried.",
    },
    {
      number: 70,
      feature: "TLS backends",
      crate: "four, by Cargo feature",
      ours: "none to choose",
      verdict: "not applicable",
      why: "Node and browsers bring one TLS of their own. Which roots are trusted is `tls.roots`: `bundled`, `system` or `both`.",
    },
  ],
};
