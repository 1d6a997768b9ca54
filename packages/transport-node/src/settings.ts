import { constants } from "node:buffer";
import { validateHeaderName, validateHeaderValue } from "node:http";
import net, { type LookupFunction } from "node:net";
import { ConfigurationError } from "@stream-tungstenite/core";
import type { ClientOptions } from "ws";
import type { NodeHeaders, NodeTransportOptions } from "./options.ts";
import { proxyFaults, type NetworkOptions } from "./proxy.ts";
import { objectFaults, type Rules } from "./rules.ts";
import { tlsSettings, type TlsSettings } from "./tls.ts";

/** The transport's options after validation. What is a function still is one. */
export interface Settings {
  readonly headers: NodeTransportOptions["headers"];
  readonly tls: TlsSettings | Extract<NodeTransportOptions["tls"], (...values: never[]) => unknown>;
  readonly proxy: NodeTransportOptions["proxy"];
  readonly network: NetworkOptions;
  readonly keepAlive: number | false;
  /** For the constructor of `ws`. */
  readonly ws: ClientOptions;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isIntegerWithin = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
/** Checked by functions of their own. */
const elsewhere = [() => true, ""] as const;

const rules: Rules<NodeTransportOptions> = {
  headers: elsewhere,
  tls: elsewhere,
  proxy: elsewhere,
  agent: [isObject, "an http.Agent"],
  perMessageDeflate: [(value) => isBoolean(value) || isObject(value), "true, false or an object"],
  // A longer text could not be decoded to a string.
  maxPayload: [
    (value) => isIntegerWithin(value, 1, constants.MAX_STRING_LENGTH),
    `a number of bytes from 1 to ${constants.MAX_STRING_LENGTH}`,
  ],
  keepAlive: [
    (value) => value === false || isIntegerWithin(value, 0, 2 ** 31 - 1),
    "false or whole milliseconds",
  ],
  localAddress: [(value) => typeof value === "string" && net.isIP(value) > 0, "an IP address"],
  family: [(value) => value === 0 || value === 4 || value === 6, "0, 4 or 6"],
  lookup: [(value) => typeof value === "function", "a function"],
  followRedirects: [isBoolean, "true or false"],
  ws: [isObject, "an object"],
  name: [(value) => typeof value === "string" && value !== "", "a string that is not empty"],
};

/** Options of `ws` that would undo what the transport sets. */
const taken = [
  "headers",
  "perMessageDeflate",
  "maxPayload",
  "followRedirects",
  "agent",
  "lookup",
  "family",
  "localAddress",
  "skipUTF8Validation",
  "signal",
  "secureContext",
  "rejectUnauthorized",
  "ca",
  "cert",
  "key",
  "pfx",
  "passphrase",
  "minVersion",
  "servername",
  "checkServerIdentity",
];

/** @throws ConfigurationError listing every fault */
export function readSettings(options: NodeTransportOptions): Settings {
  const faults = objectFaults("", options, rules);
  if (!isObject(options)) throw new ConfigurationError(faults);
  const { headers, proxy, agent, ws = {}, localAddress, family, lookup } = options;
  let tls: Settings["tls"] = { server: {}, proxy: {} };
  if (typeof options.tls === "function") tls = options.tls;
  else if (options.tls !== undefined) {
    try {
      tls = tlsSettings(options.tls);
    } catch (error) {
      faults.push(...(error as ConfigurationError).faults);
    }
  }
  if (typeof headers !== "function" && headers !== undefined) faults.push(...headerFaults(headers));
  if (typeof proxy !== "function" && proxy !== undefined && proxy !== "environment") {
    faults.push(...proxyFaults(proxy));
  }
  if (agent !== undefined && proxy !== undefined) {
    faults.push("agent and proxy exclude each other: an agent decides itself where to connect");
  }
  for (const name of taken) {
    if (isObject(ws) && Object.hasOwn(ws, name)) {
      faults.push(`ws.${name} is set by the transport; use its own option`);
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);

  const network: NetworkOptions = {
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(family === undefined ? {} : { family }),
    ...(lookup === undefined ? {} : { lookup: lookup as LookupFunction }),
  };
  return {
    headers,
    tls,
    proxy,
    network,
    keepAlive: options.keepAlive ?? false,
    ws: {
      ...ws,
      ...network,
      ...(agent === undefined ? {} : { agent }),
      perMessageDeflate: options.perMessageDeflate ?? false,
      maxPayload: options.maxPayload ?? 104_857_600,
      followRedirects: options.followRedirects ?? false,
      // Decoding validates; see `decodeUtf8`.
      skipUTF8Validation: true,
    } as ClientOptions,
  };
}

/** What is wrong with headers. Their values are never shown. */
export function headerFaults(headers: unknown): string[] {
  if (!isObject(headers)) return [`headers must be an object, not ${typeof headers}`];
  return Object.entries(headers as NodeHeaders).flatMap(([name, values]) => {
    try {
      validateHeaderName(name);
      if (/^(connection|upgrade|sec-websocket-.*)$/i.test(name)) {
        return [`headers: '${name}' belongs to the opening handshake and is set by it`];
      }
      for (const value of Array.isArray(values) ? values : [values]) {
        if (typeof value !== "string")
          return [`headers: '${name}' must be a string or a list of strings`];
        validateHeaderValue(name, value);
      }
      return [];
    } catch {
      return [
        `headers: ${JSON.stringify(name)} is no header name, or its value holds characters that none may have`,
      ];
    }
  });
}
