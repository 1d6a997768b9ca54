/**
 * The URL without its secrets: credentials and query values become `***`, the fragment goes.
 *
 * Works on any text, so that a URL too broken to be parsed gives nothing away either.
 */
export function redactUrl(url: string): string {
  // Credentials of what is no URL may hold slashes and question marks: all up to the last `@` may be some.
  const text = isUrl(url)
    ? url
    : url.replace(/^([a-z][a-z\d+.-]*:)?([/\\]*)(?![/\\]).*@/is, "$1$2***@");
  const [target = "", query] = text.replace(/#.*$/s, "").split(/\?(.*)/s);
  // Parsers take `ws:user:secret@host` and backslashes, too.
  const bare = target.replace(/^([a-z][a-z\d+.-]*:)?([/\\]*)[^/\\]*@/i, "$1$2***@");
  if (query === undefined) return bare;
  // A parameter without `=` may be the secret itself.
  const names = query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? "***" : `${pair.slice(0, equals)}=***`;
  });
  return `${bare}?${names.join("&")}`;
}

function isUrl(text: string): boolean {
  try {
    return /^(ws|http)s?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
