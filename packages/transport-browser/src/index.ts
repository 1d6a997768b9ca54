export { browserTransport } from "./browser-transport.ts";
export type {
  BrowserHeaders,
  BrowserTransportOptions,
  WebSocketStreamTransportOptions,
} from "./options.ts";
export { webSocketStreamTransport } from "./web-socket-stream-transport.ts";
export { environment } from "./environment.ts";
export type {
  EnvironmentEvent,
  EnvironmentEvents,
  EnvironmentOptions,
} from "./environment-options.ts";
