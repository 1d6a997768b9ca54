/** Keeps imports of what is not measured as imports: in a script each would cost a shim. */
const asModule = (config) => ({ ...config, format: "esm" });

/** Minified and compressed with brotli; 1 kB is 1,000 bytes. */
export default [
  {
    name: "core: createClient with its default strategy",
    path: "packages/core/dist/index.js",
    import: "{ createClient }",
    limit: "6 kB",
  },
  {
    name: "retry",
    path: "packages/retry/dist/index.js",
    limit: "1 kB",
  },
  {
    name: "transport-node: its own code",
    path: "packages/transport-node/dist/index.js",
    limit: "5 kB",
    ignore: ["node:*", "ws", "*-proxy-agent", "socks", "@stream-tungstenite/core"],
    modifyEsbuildConfig: asModule,
  },
];
