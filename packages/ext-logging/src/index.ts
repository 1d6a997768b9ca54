export { logging } from "./logging.ts";
export type { Logging } from "./logging.ts";
export type { LoggerLike, LoggingOptions, LogLevel } from "./options.ts";
