/** What an option may be: one value that is, and whether another is. */
export interface Kind {
  readonly good: unknown;
  readonly fits: (value: unknown) => boolean;
}

const isNumber = (value: unknown, least: number, most = Number.MAX_VALUE): boolean =>
  typeof value === "number" && value >= least && value <= most;

/** Finite milliseconds, 0 or more. */
export const milliseconds: Kind = { good: 1_000, fits: (value) => isNumber(value, 0) };
/** Finite milliseconds, 1 or more. */
export const positiveMilliseconds: Kind = { good: 1_000, fits: (value) => isNumber(value, 1) };
/** A number of messages or bytes; any number is enough. */
export const size: Kind = { good: 10, fits: (value) => isNumber(value, 1, Infinity) };
/** true or false. */
export const flag: Kind = { good: true, fits: (value) => typeof value === "boolean" };
/** A text that is not empty. */
export const name: Kind = {
  good: "named",
  fits: (value) => typeof value === "string" && value !== "",
};
/** Any text. */
export const string: Kind = { good: "text", fits: (value) => typeof value === "string" };
/** Any function. */
export const callable: Kind = { good: () => {}, fits: (value) => typeof value === "function" };

/** An integer of that range. */
export const integer = (least: number, most: number): Kind => ({
  good: Math.max(least, 1),
  fits: (value) => (Number.isInteger(value) || value === Infinity) && isNumber(value, least, most),
});

/** A number of that range. */
export const number = (least: number, most?: number): Kind => ({
  good: least,
  fits: (value) => isNumber(value, least, most),
});

/** One of these. */
export const oneOf = (...values: readonly [unknown, ...unknown[]]): Kind => ({
  good: values[0],
  fits: (value) => values.includes(value),
});

/** Either of two kinds. */
export const either = (one: Kind, other: Kind): Kind => ({
  good: one.good,
  fits: (value) => one.fits(value) || other.fits(value),
});

/** Something else that a predicate knows. */
export const known = (good: unknown, fits: (value: unknown) => boolean): Kind => ({ good, fits });

/** What somebody else judges, and later: hostile values are for other tests. */
export const passedOn = (good: unknown): Kind => ({ good, fits: () => true });
