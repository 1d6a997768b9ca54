/** What is wrong with a proxy's URL. The URL itself is never shown: it may hold a password. */
export function proxyFaults(proxy: unknown): string[] {
  try {
    const { protocol, hostname, username, password } = new URL(String(proxy));
    decodeURIComponent(username + password);
    if (hostname && /^(https?|socks(4a?|5h?)?):$/.test(protocol)) return [];
  } catch {
    // Told below.
  }
  return [
    'proxy must be the percent-encoded URL of an http, https, socks4, socks4a, socks5 or socks5h proxy, or "environment"',
  ];
}
