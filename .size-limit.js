/** Keeps imports of what is not measured as imports: in a script each would cost a shim. */
const asModule = (config) => ({ ...config, format: "esm" });

/** A plugin for every platform, without the core that its application has anyway. */
const plugin = (name) => ({
  name,
  path: `packages/${name}/dist/index.js`,
  limit: "1.5 kB",
  ignore: ["@stream-tungstenite/core"],
  modifyEsbuildConfig: asModule,
});

/** Minified and compressed with brotli; 1 kB is 1,000 bytes. */
export default [
  {
    name: "core: createClient with its default strategy",
    path: "packages/core/dist/index.js",
    import: "{ createClient }",
    // What it weighs: every verb hangs on the client, so nothing of it drops out. It is meant to shrink.
    limit: "15.15 kB",
  },
  // What applications import to look at a result or an error; the client must not come along.
  ...[
    ["DROP", "0.1 kB"],
    ["durationOption", "0.2 kB"],
    ["ConfigurationError", "1.05 kB"],
    ["isStreamTungsteniteError", "1.05 kB"],
  ].map(([name, limit]) => ({
    name: `core: ${name} alone`,
    path: "packages/core/dist/index.js",
    import: `{ ${name} }`,
    limit,
  })),
  {
    name: "retry",
    path: "packages/retry/dist/index.js",
    limit: "1 kB",
  },
  {
    name: "retry: fixedDelay alone",
    path: "packages/retry/dist/index.js",
    import: "{ fixedDelay }",
    limit: "0.4 kB",
  },
  {
    name: "transport-node: its own code",
    path: "packages/transport-node/dist/index.js",
    // A fifth of it reads and writes frames itself, which is where its speed comes from.
    limit: "6 kB",
    ignore: [
      "node:*",
      "ws",
      "*-proxy-agent",
      "socks",
      "@stream-tungstenite/core",
      // Loaded on demand: for a proxy, for options that are functions, when a server refuses, when a dial fails.
      "./tunnel.js",
      "./environment.js",
      "./provided.js",
      "./refusal.js",
      "./failure.js",
    ],
    modifyEsbuildConfig: asModule,
  },
  ...["browserTransport", "webSocketStreamTransport", "environment"].map((name) => ({
    ...plugin("transport-browser"),
    name: `transport-browser: ${name}`,
    import: `{ ${name} }`,
    // Asking the platform whether it takes headers, and checking them, is what it has above the others.
    ...(name === "browserTransport" ? { limit: "1.8 kB" } : {}),
  })),
  {
    name: "a client for browsers: createClient, browserTransport, exponentialBackoff",
    path: "packages/transport-browser/dist/index.js",
    import: {
      "packages/core/dist/index.js": "{ createClient }",
      "packages/retry/dist/index.js": "{ exponentialBackoff }",
      "packages/transport-browser/dist/index.js": "{ browserTransport }",
    },
    limit: "16.8 kB",
  },
  plugin("handshake-auth"),
  plugin("handshake-subscribe"),
  plugin("ext-logging"),
  plugin("ext-status"),
  plugin("ext-heartbeat"),
];
