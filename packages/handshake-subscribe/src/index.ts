export type { Action, Confirm, Verdict } from "./confirm.ts";
export type { SubscribeOptions } from "./options.ts";
export { SubscriptionRefusedError } from "./refused-error.ts";
export { subscribe } from "./subscribe.ts";
export type { Subscriptions } from "./subscribe.ts";
