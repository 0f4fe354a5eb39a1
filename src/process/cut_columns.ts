/**
 * Values cut at a separator, as columns: what processors that cut do with texts, done in the kernel for all rows of a batch. Rows with as
 * many pieces become runs. A row whose value is not cut so simply, as one with quotes, goes through the processor as a text, and what
 * comes of it is put beside the others.
 *
 * @module
 */
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { KernelColumns } from "../kernel/kernel_columns.ts";
import { textField } from "../kernel/record_texts.ts";
import { type Cutter, type CuttingRules, tryMakeCutter } from "./cutter.ts";
import type { ProcessorReport } from "./processor_report.ts";
import { trySourceOf } from "./source_field.ts";

/** Room for pieces where their number is not known. */
export const PIECES_MAX = 48;
/** Where more of the rows than one in so many are texts, all are. */
const TEXT_SHARE = 2;
/** Names of pairs are forgotten at most once in so many batches; where they change faster than that, texts are less work. */
const BATCHES_BEFORE_FORGETTING = 64;
/** So many lists of names that texts have led to are remembered. */
const TEXT_SHAPES_MAX = 256;

/** A piece of a value: a field without a name. */
export type Piece = Omit<ColumnField, "name">;

/** What becomes of a record whose value was cut. */
export interface CutOutcome {
  readonly fields: readonly Field[];
  /** What is to be counted as a failure, and whether it is told. */
  readonly problem?: readonly [text: string, isTold: boolean];
}

/** How a processor cuts. */
export interface CutPlan {
  /** `""`: the first field. */
  readonly sourceKey: string;
  readonly noKeyError: boolean;
  readonly rules: CuttingRules;
  /**
   * What the processor does with a record.
   *
   * @param names of the pieces, where they have some.
   * @returns undefined where it is to be done with texts.
   */
  outcome(
    fields: readonly Field[],
    source: ColumnField,
    pieces: readonly Piece[],
    names: readonly string[],
  ): CutOutcome | undefined;
}

/** Changes a record that is text. @returns whether it goes on. */
export type ChangeRecord = (record: LogRecord) => boolean;

/** Whether a text can be a separator, or what is asked for, in the kernel. */
export function isShortAscii(text: string, charactersMax: number): boolean {
  return text.length <= charactersMax && /^[\0-\x7f]*$/.test(text);
}

/** @returns why the kernel cannot cut at a separator, for users. */
export function trySeparatorProblem(name: string, separator: string): string | undefined {
  return isShortAscii(separator, 4) ? undefined : `${name} is longer than four characters, or not ASCII`;
}

/** One processor in one kernel. */
export class CutColumns {
  readonly #plan: CutPlan;
  readonly #columns: KernelColumns;
  readonly #cutter: Cutter;
  readonly #report: ProcessorReport;
  readonly #change: ChangeRecord;
  #outcomes = new WeakMap<readonly Field[], Map<number, CutOutcome | undefined>>();
  #isFull = false;
  #batches = BATCHES_BEFORE_FORGETTING;
  readonly #ofTexts = new WeakMap<readonly Field[], Map<string, readonly Field[]>>();

  private constructor(
    plan: CutPlan,
    { columns, cutter }: { readonly columns: KernelColumns; readonly cutter: Cutter },
    report: ProcessorReport,
    change: ChangeRecord,
  ) {
    this.#plan = plan;
    this.#columns = columns;
    this.#cutter = cutter;
    this.#report = report;
    this.#change = change;
  }

  /** @param plan undefined: all is done with texts. @returns undefined also where there is no room for the pieces. */
  static tryMake(
    plan: CutPlan | undefined,
    columns: KernelColumns | undefined,
    report: ProcessorReport,
    change: ChangeRecord,
  ): CutColumns | undefined {
    const cutter = plan && columns && tryMakeCutter(plan.rules, columns);
    if (plan === undefined || columns === undefined || cutter === undefined) return undefined;
    return new CutColumns(plan, { columns, cutter }, report, change);
  }

  /** @returns undefined, and nothing was done, where texts are to be looked at. */
  process(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    this.#batches++;
    this.#isFull = false;
    return this.#tryProcess(runs) ?? (this.#isFull && this.#tryForget() ? this.#tryProcess(runs) : undefined);
  }

  #tryForget(): boolean {
    if (this.#batches < BATCHES_BEFORE_FORGETTING) return false;
    this.#batches = 0;
    this.#outcomes = new WeakMap();
    this.#cutter.forget();
    return true;
  }

  #tryProcess(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    const before = { ...this.#report.counts };
    const made: RowRun[] = [];
    const isDone = runs.every((run) => this.#tryRun(run, made)) &&
      made.every((run) => this.#columns.fit(run.fields, run));
    if (isDone) return made;
    Object.assign(this.#report.counts, before);
    return undefined;
  }

  #tryRun(run: RowRun, made: RowRun[]): boolean {
    const { sourceKey, noKeyError } = this.#plan;
    const source = trySourceOf(run.fields, sourceKey);
    const rows = run.rowTo - run.rowFrom;
    this.#report.counts.processed += rows;
    if (source === undefined) {
      this.#report.missing(sourceKey, noKeyError, rows);
      made.push(run);
      return true;
    }
    const column = "text" in source ? undefined : this.#columns.tryTexts(source, run);
    if ("text" in source || column === undefined) return false;
    const counts = this.#cutter.tryCut(column, run);
    this.#isFull ||= counts === undefined;
    return counts !== undefined && !this.#areMostlyTexts(run, counts) && this.#trySplit(run, source, counts, made);
  }

  #areMostlyTexts({ rowFrom, rowTo }: RowRun, counts: Int32Array): boolean {
    let texts = 0;
    for (let row = rowFrom; row < rowTo; row++) if (counts[row] < 0) texts++;
    return texts > 1 && texts * TEXT_SHARE > rowTo - rowFrom;
  }

  #trySplit(run: RowRun, source: ColumnField, counts: Int32Array, made: RowRun[]): boolean {
    for (let row = run.rowFrom; row < run.rowTo;) {
      const count = counts[row];
      const rowFrom = row++;
      const outcome = count < 0 ? undefined : this.#outcomeOf(run.fields, source, count);
      if (outcome === undefined) {
        if (!this.#tryText(run.fields, rowFrom, made)) return false;
        continue;
      }
      while (row < run.rowTo && counts[row] === count) row++;
      made.push({ fields: outcome.fields, rowFrom, rowTo: row });
      if (outcome.problem !== undefined) this.#tell(outcome.problem, source, rowFrom, row);
    }
    return true;
  }

  #tell([problem, isTold]: readonly [string, boolean], source: ColumnField, rowFrom: number, rowTo: number): void {
    for (let row = rowFrom; row < rowTo; row++) {
      this.#report.failed(problem, isTold ? textField(this.#columns, source, row).value : "", isTold);
    }
  }

  #outcomeOf(fields: readonly Field[], source: ColumnField, count: number): CutOutcome | undefined {
    const known = this.#outcomes.get(fields) ?? new Map<number, CutOutcome | undefined>();
    this.#outcomes.set(fields, known);
    if (!known.has(count)) {
      const escape = source.escape || source.isJsonText === true;
      const { count: length, names } = this.#cutter.piecesOf(count);
      const { firstColumn, isJsonText } = this.#cutter;
      const pieces = Array.from({ length }, (_, index): Piece => {
        const column = firstColumn + index;
        return isJsonText ? { column, escape: false, isJsonText } : { column, escape };
      });
      known.set(count, this.#plan.outcome(fields, source, pieces, names));
    }
    return known.get(count);
  }

  /** Has the processor work on a record. @returns false where there is no room for what comes of it. */
  #tryText(fields: readonly Field[], row: number, made: RowRun[]): boolean {
    const given = fields.map((field) => textField(this.#columns, field, row));
    const before = given.map(({ value }) => value);
    const record: LogRecord = { seconds: 0, fields: [...given] };
    if (!this.#change(record)) {
      this.#report.dropped(1);
      return true;
    }
    let next = 0;
    const places: (readonly [name: string, place: number])[] = [];
    for (const field of record.fields) {
      const index = given.indexOf(field);
      if (index >= 0 && field.value === before[index]) places.push(["", index]);
      else {
        if (next === this.#cutter.columnsMax) return false;
        if (!this.#columns.tryWrite(this.#cutter.firstColumn + next, row, field.value)) return false;
        places.push([field.name, -1 - next++]);
      }
    }
    made.push({ fields: this.#fieldsAt(fields, places), rowFrom: row, rowTo: row + 1 });
    return true;
  }

  /** @param places the index of a field that stays, or a name and the number of a new column, from -1 downwards. */
  #fieldsAt(fields: readonly Field[], places: readonly (readonly [name: string, place: number])[]): readonly Field[] {
    const known = this.#ofTexts.get(fields) ?? new Map<string, readonly Field[]>();
    this.#ofTexts.set(fields, known);
    const key = JSON.stringify(places);
    const made = known.get(key) ?? places.map(([name, place]): Field => {
      return place >= 0 ? fields[place] : { name, column: this.#cutter.firstColumn - 1 - place, escape: true };
    });
    if (known.size >= TEXT_SHAPES_MAX) known.clear();
    known.set(key, made);
    return made;
  }
}
