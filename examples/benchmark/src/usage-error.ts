/** What was asked for makes no sense: the message says all that the reader needs, in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
