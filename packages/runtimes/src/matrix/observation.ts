/** What one run in one runtime has shown. */
export interface Observation {
  /** The column of the matrix: `firefox`, `node22`. */
  readonly runtime: string;
  readonly version: string;
  readonly contestants: Readonly<Record<string, ContestantResult>>;
  /** What the platform's own `WebSocket` and events do here, by the name of the probe. */
  readonly platform: Readonly<Record<string, Fact>>;
}

/** How a transport fared. */
export interface ContestantResult {
  readonly contract: Tally;
  readonly scenarios: Tally;
  /** What it can do here; the contract fails where that is not so. */
  readonly abilities: Readonly<Record<string, boolean>>;
}

/** How many of the cases that apply have passed. */
export interface Tally {
  readonly passed: number;
  readonly of: number;
  /** Cases that do not apply to the transport, by the capabilities that it states. */
  readonly notApplicable: number;
}

/** An answer to a probe. */
export type Fact = string | number | boolean;
