/**
 * The text with its secrets replaced by `***`: values of JSON fields, query parameters, headers and
 * `key=value` pairs whose name sounds like a secret, `Bearer` and `Basic` credentials, JSON Web Tokens, and
 * credentials in URLs.
 *
 * A value that is cut off at the end of the text counts as one. Where the end of a value cannot be told
 * without parsing (objects, lists, JSON within JSON), the rest of the text goes. In doubt too much is
 * hidden. Takes time in proportion to the text's length, whatever the text.
 */
export function redactText(text: string): string {
  return text
    .replace(/\b((?:bearer|basic)\s+|(?=eyJ))[^\s"',&]+/gi, "$1***")
    .replace(named, "$1$2$4$5$6***")
    .replace(/\/\/[^\s/]+@/g, "//***@");
}

// In turn: the name, up to its quote; a string; an object, a list or a string within a string; what follows
// an equals sign; what follows the colon of a header, where texts in quotes may stand behind equals signs. Every
// repetition is bounded or has one way only to match: none can be made to try again and again by a hostile
// message.
const named =
  /((?:pass(?![ei])|pwd|secret|token|auth(?!or\b)|credential|cookie|session|sig(?!nal|ma)|private|bearer|jwt|(?:api|access).?key|[?&]key)[\w.-]{0,24}\\*["']?\s*)(?:([:=]\s*(["']))(?:(?!\3)[^\\]|\\[^])*|([:=]\s*)[[{\\][^]*|(=\s*)[^\s&;,"'}\]]+|(:)(?:=[\s\\]*"[^"\r\n]*"?|[^\r\n"'}\]])+)/gi;
