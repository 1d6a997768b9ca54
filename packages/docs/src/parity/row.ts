/** A feature of the Rust crate and what stands in its place here. Texts are Markdown. */
export type Row = Feature & (Behaving | Explained);

interface Feature {
  /** 1 for the first. */
  readonly number: number;
  readonly feature: string;
  /** What the crate calls it. */
  readonly crate: string;
  /** What it is called here. */
  readonly ours: string;
}

/** A feature that both have: a test runs it against a real server. */
interface Behaving {
  /** `more`: all that the crate does, and what `difference` says. */
  readonly verdict: "same" | "more";
  /** What differs, also where the verdict is `same`. */
  readonly difference?: string;
}

/** A feature without a behaviour of its own here. */
interface Explained {
  readonly verdict: "internal" | "not applicable";
  readonly why: string;
}

/** Rows that belong together. */
export interface Area {
  readonly title: string;
  readonly rows: readonly Row[];
}
