/** One sample for every way in which bytes are not UTF-8 (RFC 3629 §3 and §4). */
export const invalidUtf8: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["a lone continuation byte", [0x80]],
  ["a continuation byte after a character", [0x61, 0xbf]],
  ["a two-byte character cut short", [0xc3]],
  ["a three-byte character cut short after one", [0xe2]],
  ["a three-byte character cut short after two", [0xe2, 0x82]],
  ["a four-byte character cut short after three", [0xf0, 0x9f, 0x98]],
  ["a first byte followed by ASCII", [0xc3, 0x28]],
  ["a first byte followed by another", [0xc3, 0xc3, 0xa4]],
  ["an overlong slash in two bytes", [0xc0, 0xaf]],
  ["an overlong NUL in two bytes", [0xc0, 0x80]],
  ["an overlong DEL in two bytes", [0xc1, 0xbf]],
  ["an overlong slash in three bytes", [0xe0, 0x80, 0xaf]],
  ["an overlong euro sign in four bytes", [0xf0, 0x82, 0x82, 0xac]],
  ["a high surrogate", [0xed, 0xa0, 0x80]],
  ["a low surrogate", [0xed, 0xbf, 0xbf]],
  ["a pair of surrogates", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ["a code point above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
  ["the first byte 0xF5", [0xf5, 0x80, 0x80, 0x80]],
  ["a five-byte form", [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ["a six-byte form", [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
  ["the byte 0xFE", [0xfe]],
  ["the byte 0xFF", [0xff]],
  ["a valid U+FFFD and then an invalid byte", [0xef, 0xbf, 0xbd, 0xff]],
];

/** Text at the borders of what is allowed. */
export const validTexts: readonly (readonly [name: string, text: string])[] = [
  ["nothing", ""],
  ["ASCII with NUL", "a\u0000b"],
  ["the last of one, two, three and four bytes", "\u007f\u07ff\uffff\u{10ffff}"],
  ["the neighbours of the surrogates", "\ud7ff\ue000"],
  ["the replacement character itself", "before \ufffd after"],
  ["a byte order mark at the start", "\ufeffa"],
  ["emoji", "😀👩‍🚀"],
];
