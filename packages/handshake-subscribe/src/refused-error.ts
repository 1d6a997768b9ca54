import { HandshakeRejectedError } from "@stream-tungstenite/core";

/** The server refused subscriptions, or to end them. The message names the channels and the reason. */
export class SubscriptionRefusedError extends HandshakeRejectedError {
  override readonly name: string = "SubscriptionRefusedError";
  override readonly code: string = "SUBSCRIPTION_REFUSED";
  /** What one message of the server refused. */
  readonly channels: readonly string[];

  constructor(step: string, channels: readonly string[], reason = "no reason") {
    super(`Handshake '${step}' was refused '${channels.join("', '")}': ${reason}`, { step });
    this.channels = channels;
  }
}
