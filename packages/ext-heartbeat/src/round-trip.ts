/** Smoothed round trip and its variation, as RFC 6298 §2 estimates them for TCP. Milliseconds. */
export class RoundTrip {
  /** SRTT; null before the first sample. */
  smoothed: number | null = null;
  /** RTTVAR; null before the first sample. */
  variation: number | null = null;

  add(sample: number): void {
    const { smoothed, variation } = this;
    // RFC 6298 §2.2
    if (smoothed === null || variation === null) {
      this.smoothed = sample;
      this.variation = sample / 2;
      return;
    }
    // RFC 6298 §2.3: the variation first, it is measured against the old value.
    this.variation = variation + (Math.abs(smoothed - sample) - variation) / 4;
    this.smoothed = smoothed + (sample - smoothed) / 8;
  }
}
