export { auth } from "./auth.ts";
export type { Auth } from "./auth.ts";
export type { AuthOptions, AuthReply } from "./options.ts";
export { TokenError } from "./token.ts";
