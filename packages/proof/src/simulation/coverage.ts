/** How many schedules reached what: a generator that has lost its way tests nothing, and nobody notices. */
export class Coverage {
  schedules = 0;
  readonly counts = new Map<string, number>();

  add(reached: ReadonlySet<string>): void {
    this.schedules++;
    for (const what of reached) this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** One line each, in alphabetical order. */
  table(): string {
    return [...this.counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `${String(count).padStart(8)}  ${what}`)
      .join("\n");
  }

  /** Takes the counts of another part of the same run. */
  join(other: Coverage): void {
    this.schedules += other.schedules;
    for (const [what, count] of other.counts) {
      this.counts.set(what, (this.counts.get(what) ?? 0) + count);
    }
  }

  /** What fewer schedules reached than the minimum, which is meant for 20,000 of them. */
  gaps(minimums: Readonly<Record<string, number>>): readonly string[] {
    return Object.entries(minimums).flatMap(([what, minimum]) => {
      const count = this.counts.get(what) ?? 0;
      const least = Math.floor((minimum * this.schedules) / 20_000);
      // What is rare may be missing in a short run.
      if (least < 5 && this.schedules < 20_000) return [];
      return count < least ? [`${what}: ${count} schedules, at least ${least} are needed`] : [];
    });
  }
}
