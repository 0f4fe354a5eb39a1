/**
 * A distribution of durations: percentiles, and a picture of it in text.
 *
 * @module
 */

const BAR_WIDTH = 50;
/** Upper bounds of the bars in milliseconds; the last bar has none. */
const BOUNDS_MS = [2, 5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000];

/** Durations in milliseconds. */
export class Histogram {
  readonly #sorted: Float64Array;

  constructor(durationsMs: Iterable<number>) {
    this.#sorted = Float64Array.from(durationsMs).sort();
  }

  get count(): number {
    return this.#sorted.length;
  }

  /** The duration that a `share` of all (0 to 1) do not exceed. NaN where there are none. */
  percentile(share: number): number {
    return this.#sorted.at(Math.max(0, Math.ceil(share * this.count) - 1)) ?? NaN;
  }

  /** A bar for each stretch of durations that occurs. */
  draw(): string {
    const counts = [...BOUNDS_MS, Infinity].map((bound) => this.#countUpTo(bound));
    const shares = counts.map((count, index) => (count - (counts[index - 1] ?? 0)) / this.count);
    const lines = shares.map((share, index) => {
      const bound = BOUNDS_MS[index] ?? Infinity;
      const label = bound === Infinity ? "more" : `≤ ${bound} ms`;
      const bar = "#".repeat(Math.ceil(share * BAR_WIDTH));
      return `${label.padStart(10)} ${(share * 100).toFixed(2).padStart(6)} % ${bar}`.trimEnd();
    });
    const last = shares.findLastIndex((share) => share > 0);
    return lines.slice(0, last + 1).join("\n");
  }

  #countUpTo(bound: number): number {
    const above = this.#sorted.findIndex((duration) => duration > bound);
    return above < 0 ? this.count : above;
  }
}
