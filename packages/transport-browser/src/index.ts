export { browserTransport } from "./browser-transport.ts";
export type { BrowserHeaders, BrowserTransportOptions } from "./options.ts";
