/**
 * Who wrote what and what arrived: every written line must arrive exactly once. A line is known by its stream and text, which the
 * writers make unique.
 *
 * @module
 */

/** What the tally has seen so far. */
export interface TallyResult {
  readonly written: number;
  readonly arrived: number;
  /** Written, never arrived. */
  readonly missing: number;
  /** Arrivals beyond the first of the same line. */
  readonly repeated: number;
  /** Arrived, never written. */
  readonly unknown: number;
}

interface SeedRecord {
  readonly Contents: readonly { readonly Key: string; readonly Value: string }[];
}

/** Counts lines out and records in. */
export class Tally {
  readonly #arrivalsByLine = new Map<string, number>();
  #arrived = 0;
  #missing = 0;
  #unknown = 0;

  /** Notes a line that is about to be written. */
  wrote(stream: string, text: string): void {
    this.#arrivalsByLine.set(`${stream} ${text}`, 0);
    this.#missing++;
  }

  /** Notes a delivered record: `{"Time":…,"Contents":[{"Key":…,"Value":…},…]}`. One that is no such JSON is unknown. */
  arrived(recordText: string): void {
    this.#arrived++;
    const line = tryLineOf(recordText);
    const arrivals = line === undefined ? undefined : this.#arrivalsByLine.get(line);
    if (line === undefined || arrivals === undefined) {
      this.#unknown++;
      return;
    }
    if (arrivals === 0) this.#missing--;
    this.#arrivalsByLine.set(line, arrivals + 1);
  }

  /** True once no written line is missing. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  /** The counts so far. */
  result(): TallyResult {
    const written = this.#arrivalsByLine.size;
    const repeated = this.#arrived - this.#unknown - (written - this.#missing);
    return { written, arrived: this.#arrived, missing: this.#missing, repeated, unknown: this.#unknown };
  }

  /** Up to `count` written lines that have not arrived. */
  missingLines(count: number): string[] {
    return [...this.#arrivalsByLine].filter(([, arrivals]) => arrivals === 0).slice(0, count).map(([line]) => line);
  }
}

function tryLineOf(recordText: string): string | undefined {
  try {
    const record: SeedRecord = JSON.parse(recordText);
    const valueOf = (key: string) => record.Contents.find(({ Key }) => Key === key)?.Value;
    return `${valueOf("_source_")} ${valueOf("content")}`;
  } catch {
    return undefined;
  }
}
