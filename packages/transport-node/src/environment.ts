import process from "node:process";

/** The variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL: HTTPS_PROXY for `wss:`, HTTP_PROXY for `ws:`, else
 * ALL_PROXY, unless NO_PROXY holds its host. Lower case names win. Without a scheme it is an HTTP proxy.
 */
export function proxyFromEnvironment(
  url: URL,
  variables: Variables = process.env,
): string | undefined {
  const read = (name: string): string => variables[name] || variables[name.toUpperCase()] || "";
  const proxy = read(url.protocol === "wss:" ? "https_proxy" : "http_proxy") || read("all_proxy");
  if (!proxy || isExcluded(url, read("no_proxy"))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** Entries are hosts with their subdomains, with or without a leading `.` or `*.` and a port; `*` is all. */
function isExcluded({ protocol, hostname, port }: URL, list: string): boolean {
  const wanted = port || (protocol === "wss:" ? "443" : "80");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name, only = wanted] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const covers = name !== "" && only === wanted && `.${hostname}`.endsWith(`.${name}`);
      return covers || entry === "*" || `[${entry}]` === hostname;
    });
}
