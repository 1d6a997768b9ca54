export { ClientBuilder, WebSocketClient } from "./builder.ts";
export { chain } from "./chain.ts";
export type { ChainOptions } from "./chain.ts";
export type { CloseOptions, MessagesOptions, Snapshot, Waiting } from "./client.ts";
export { systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { createClient } from "./create-client.ts";
export {
  AlreadyRunningError,
  ClientClosedError,
  ConfigurationError,
  ConnectError,
  ConnectTimeoutError,
  ConnectionLostError,
  HandshakeError,
  HandshakeRejectedError,
  HandshakeTimeoutError,
  IdleTimeoutError,
  MessageDroppedError,
  NotConnectedError,
  PluginError,
  QueueFullError,
  ReaderOverflowError,
  RetriesExhaustedError,
  SendError,
  SendTimeoutError,
  StreamTungsteniteError,
  TimeoutError,
  UnsupportedError,
  isStreamTungsteniteError,
} from "./errors.ts";
export type { ConnectPhase, DisconnectCause, DropReason } from "./errors.ts";
export type { ClientEvent, ClientEvents, StateChange } from "./events.ts";
export type { ClientState } from "./machine.ts";
export { byteLength, DROP } from "./message.ts";
export type { Message, Sendable } from "./message.ts";
export type { AttemptContext, ClientOptions, Provided, SendQueueOptions } from "./options.ts";
export { definePlugin } from "./plugin.ts";
export type {
  ExchangeOptions,
  Extension,
  Handshake,
  HandshakeSession,
  MessageContext,
  Outgoing,
  Plugin,
  PluginContext,
  PluginList,
  Received,
  RetryStrategy,
  Transport,
} from "./plugin.ts";
export { fastReconnect, lowLatency, stableConnection } from "./presets.ts";
export { redactUrl } from "./redact.ts";
export {
  callable as callableOption,
  checked as checkOptions,
  choice as choiceOption,
  describeValue,
  duration as durationOption,
  either as eitherOption,
  flag as flagOption,
  label as labelOption,
  rule as optionRule,
} from "./rules.ts";
export type { Rule as OptionRule, Rules as OptionRules } from "./rules.ts";
export { sendMessage } from "./send-message.ts";
export type { SendMessageOptions } from "./send-message.ts";
export { isTransient } from "./transient.ts";
export type {
  CloseInfo,
  Connection,
  ConnectionListener,
  ConnectRequest,
  OpenInfo,
} from "./transport.ts";
