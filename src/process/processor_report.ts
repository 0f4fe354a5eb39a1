/**
 * Counts what a processor could not do, and tells the user of it where the options ask for that. The lines are throttled, so that
 * a million bad records are one line a minute.
 *
 * @module
 */
import type { Log } from "../core/log.ts";
import type { ProcessorCounts } from "../core/processor.ts";

/** Longest part of a value that a line shows, in UTF-16 units. */
const SHOWN_CHARS_MAX = 200;

/** The counts of one processor and its voice. */
export class ProcessorReport {
  readonly counts: ProcessorCounts = { processed: 0, missing: 0, failed: 0, dropped: 0 };
  readonly #name: string;
  readonly #log: Pick<Log, "throttled">;

  /** @param name the processor's `Type`. */
  constructor(name: string, log: Pick<Log, "throttled">) {
    this.#name = name;
    this.#log = log;
  }

  /** A record has no field `name`, or so many have none. */
  missing(name: string, isTold: boolean, records = 1): void {
    this.counts.missing += records;
    if (!isTold) return;
    const field = name === "" ? "any field" : `a field "${name}"`;
    this.#tell(`missing ${name}`, `a record without ${field} was left as it is; check the field's name`);
  }

  /** A value could not be worked on: `problem` says why, and what became of it. */
  failed(problem: string, value: string, isTold = true): void {
    this.counts.failed++;
    if (isTold) this.warn(problem, value);
  }

  /** Tells of a record, and counts nothing. */
  warn(problem: string, value: string): void {
    this.#tell(problem, `${problem}: ${shown(value)}`);
  }

  /** So many records were taken out. */
  dropped(records: number): void {
    this.counts.dropped += records;
  }

  #tell(situation: string, message: string): void {
    this.#log.throttled(`${this.#name} ${situation}`, `${this.#name}: ${message}`);
  }
}

function shown(value: string): string {
  return JSON.stringify(value.length > SHOWN_CHARS_MAX ? `${value.slice(0, SHOWN_CHARS_MAX)}…` : value);
}
