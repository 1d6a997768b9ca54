// What client and server say to each other unless told otherwise.

const message =
  (type: string) =>
  (...channels: readonly string[]): string =>
    JSON.stringify({ type, channels });

export const asked = message("subscribe");
export const left = message("unsubscribe");
export const confirmed = message("subscribed");
export const gone = message("unsubscribed");
