import type { LookupFunction } from "node:net";

/** Resolves every name to 127.0.0.1. */
export const loopback: LookupFunction = (_, options, done) => {
  if (options.all) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
};

/** Fails for every name as the system's resolver does. */
export function failingLookup(code: string): LookupFunction {
  return (host, _, done) => {
    const message = `getaddrinfo ${code} ${host}`;
    done(
      Object.assign(new Error(message), { code, syscall: "getaddrinfo", hostname: host }),
      "",
      0,
    );
  };
}
