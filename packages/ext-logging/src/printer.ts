import { levels } from "./options.ts";
import type { LogLevel, Settings } from "./options.ts";

/** What loggers may have beside their methods: those of pino and winston, and a console. */
type Known = Readonly<Record<string, (line: string) => void>> & {
  isLevelEnabled?(level: string): boolean;
  groupEnd?(): void;
};

/**
 * Prints lines by whatever methods a logger has: the level's own, else the next quieter one's, else any.
 * The text is made only if it will be printed. A logger that fails must not end a connection, nor the
 * process: `fail` is told.
 */
export function printer(
  { logger, prefix, level: loudest }: Pick<Settings, "logger" | "prefix" | "level">,
  fail: (error: unknown) => void,
): (level: LogLevel, text: () => string) => void {
  const known = logger as Known;
  const isUsable = (level: LogLevel): unknown =>
    // A console's `trace` is not for lines: it prints a stack.
    logger[level] && (level !== "trace" || !known.groupEnd);
  const most = levels.indexOf(loudest);
  return (level, text) => {
    const loudness = levels.indexOf(level);
    if (loudness > most) return;
    // All is looked up now: a logger's level may change, and pino replaces its methods then.
    const quieter = levels.slice(0, loudness + 1).findLast(isUsable);
    const method = (quieter ?? levels.find(isUsable)) as LogLevel;
    try {
      if (known.isLevelEnabled?.(method) === false) return;
      known[method]!((prefix && `[${prefix}] `) + text());
    } catch (error) {
      fail(error);
    }
  };
}
