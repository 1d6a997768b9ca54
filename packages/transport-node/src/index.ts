export { nodeTransport } from "./transport.ts";
export type { NodeHeaders, NodeTransportOptions, TlsOptions } from "./options.ts";
