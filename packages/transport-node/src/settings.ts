import { describeValue } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { NodeHeaders, NodeTransportOptions } from "./options.ts";
import { proxyFaults } from "./proxy.ts";
import { objectFaults, refuse, type Rules } from "./rules.ts";
import type { NetworkOptions } from "./tunnel.ts";
import { tlsRules, tlsSettings, type TlsSettings } from "./tls.ts";

/** The transport's options after validation. */
export type Settings = FixedSettings | AskedSettings;

interface CommonSettings {
  readonly proxy: NodeTransportOptions["proxy"];
  readonly keepAlive: number | false | undefined;
  /** For the constructor of `ws`. */
  readonly ws: ClientOptions & NetworkOptions & { readonly maxPayload: number };
}

interface FixedSettings extends CommonSettings {
  readonly freshCredentials: false;
  readonly headers: NodeHeaders | undefined;
  readonly tls: TlsSettings;
}

/** Some are functions, to be asked on every attempt. */
interface AskedSettings extends CommonSettings {
  readonly freshCredentials: true;
  readonly headers: NodeTransportOptions["headers"];
  readonly tls: TlsSettings | Extract<NodeTransportOptions["tls"], (...values: never[]) => unknown>;
}

const rules: Rules<NodeTransportOptions> = {
  headers: "an object or a function",
  tls: "an object or a function",
  proxy: "a string, an object or a function",
  agent: "an object",
  perMessageDeflate: "true, false or an object",
  maxPayload: "1 to 536870888",
  keepAlive: "false or milliseconds",
  localAddress: "an IP address",
  family: "0, 4 or 6",
  lookup: "a function",
  followRedirects: "true or false",
  ws: "an object",
  name: "a string",
};

/** Without it NODE_TLS_REJECT_UNAUTHORIZED could switch verification off. */
const verified: TlsSettings = {
  server: { rejectUnauthorized: true },
  proxy: { rejectUnauthorized: true },
};

/** An agent's own options outweigh those of a request. */
interface AgentLike {
  readonly options?: { readonly rejectUnauthorized?: boolean };
}

/** Shared by transports that were given no options: there may be one for each client. */
let defaults: Settings | undefined;

/** @throws ConfigurationError listing every fault */
export function readSettings(options?: NodeTransportOptions): Settings {
  // An object that seems empty is not: options may be inherited, and getters may give credentials.
  return options === undefined ? (defaults ??= validate({})) : validate(options);
}

function validate(options: NodeTransportOptions): Settings {
  const faults = objectFaults("", options, rules);
  refuse(options ? [] : faults);
  const { headers, proxy, agent, keepAlive, localAddress, family, lookup } = options;
  const { perMessageDeflate = false, maxPayload = 104_857_600, followRedirects, ws } = options;
  if (headers && typeof headers === "object") faults.push(...headerFaults(headers));
  if (proxy && typeof proxy !== "function" && proxy !== "environment") {
    faults.push(...proxyFaults(proxy));
  }
  if ((agent as AgentLike | undefined)?.options?.rejectUnauthorized === false) {
    faults.push("agent verifies no certificates: say tls.dangerAcceptInvalidCerts instead");
  }
  if (agent && proxy) faults.push("agent and proxy exclude each other: an agent finds its own way");
  for (const name of Object.keys(ws ?? {})) {
    // They would undo what the transport does.
    if (name in rules || name in tlsRules || /^(skipUTF8|rejectU|secureC|signal)/.test(name)) {
      faults.push(`ws.${name} is set by the transport`);
    }
  }
  let tls: unknown = options.tls ?? verified;
  if (options.tls && typeof options.tls === "object")
    tls = tlsSettings(options.tls, undefined, faults);
  refuse(faults);

  return {
    headers,
    tls,
    proxy,
    keepAlive,
    freshCredentials: [headers, tls, proxy].some((option) => typeof option === "function"),
    ws: {
      ...ws,
      localAddress,
      family,
      lookup,
      agent,
      perMessageDeflate,
      maxPayload,
      followRedirects,
      // Decoding validates; see `decodeUtf8`.
      skipUTF8Validation: true,
    },
  } as Settings;
}

/** What is wrong with headers. Their values are never shown. */
export function headerFaults(headers: NodeHeaders): string[] {
  if (typeof headers !== "object") return ["headers must be an object"];
  return Object.entries(headers).flatMap(([name, values]) => {
    // A token (RFC 9110 §5.6.2), and characters of a field's value (§5.5).
    const fits =
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      [values]
        .flat()
        .every((value) => typeof value === "string" && /^[\t -~\x80-\xff]*$/.test(value));
    if (!fits) {
      return [`headers: ${describeValue(name)} and its values must be text that a header may hold`];
    }
    return /^(connection|upgrade|sec-websocket-.*)$/i.test(name)
      ? [`headers: '${name}' is set by the opening handshake`]
      : [];
  });
}
