/**
 * Members of JSON objects as columns: what `processor_json` does with texts, done in the kernel for all rows of a batch. Rows whose
 * objects have the same names in the same order become runs. Texts that are not strictly JSON are expanded one by one as they are in
 * records of text, and their values are put beside the others.
 *
 * @module
 */
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { RecordField } from "../core/record.ts";
import { ASKS_HOST, NO_OBJECT, type ObjectScanner } from "../kernel/json/object_scanner.ts";
import type { KernelColumns } from "../kernel/kernel_columns.ts";
import { JsonExpansion } from "./json_expansion.ts";
import type { ProcessorJsonOptions } from "./processor_json.ts";
import type { ProcessorReport } from "./processor_report.ts";
import { trySourceOf } from "./source_field.ts";

/** Shapes are forgotten at most once in so many batches; where they change faster than that, texts are less work. */
const BATCHES_BEFORE_FORGETTING = 64;
/** So many lists of names that the host has found are remembered. */
const HOST_SHAPES_MAX = 256;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A run that was scanned; without a column it has no source. */
interface ScannedRun {
  readonly run: RowRun;
  readonly source?: ColumnField;
  /** Where the source's texts are. */
  readonly column: number;
  /** Whether it is known that all rows are objects of one shape, so that nobody has to look at each. */
  readonly isUniform: boolean;
}

/** What the host has made of a row. */
interface Expanded {
  readonly fields: readonly RecordField[];
  readonly isWhole: boolean;
}

/** What has become of fields: by the shape, or by the names that the host has found. */
interface Remembered {
  readonly byShape: Map<number, readonly Field[]>;
  readonly byNames: Map<string, readonly Field[]>;
}

/** @returns why JSON cannot be expanded in columns, for users. */
export function tryJsonProblem({ expansion }: ProcessorJsonOptions): string | undefined {
  return expansion.expandArray ? "ExpandArray makes as many fields as an array has elements" : undefined;
}

/** One processor in one kernel. */
export class JsonColumns {
  readonly #options: ProcessorJsonOptions;
  readonly #columns: KernelColumns;
  readonly #scanner: ObjectScanner;
  readonly #report: ProcessorReport;
  #remembered = new WeakMap<readonly Field[], Remembered>();
  #batches = BATCHES_BEFORE_FORGETTING;

  private constructor(
    options: ProcessorJsonOptions,
    columns: KernelColumns,
    scanner: ObjectScanner,
    report: ProcessorReport,
  ) {
    this.#options = options;
    this.#columns = columns;
    this.#scanner = scanner;
    this.#report = report;
  }

  /** @returns undefined where the kernel does not do it, or has no room for it. */
  static tryMake(
    options: ProcessorJsonOptions,
    columns: KernelColumns | undefined,
    report: ProcessorReport,
  ): JsonColumns | undefined {
    if (columns === undefined || tryJsonProblem(options) !== undefined) return undefined;
    const scanner = columns.tryMakeScanner(options.expansion.depthMax);
    return scanner && new JsonColumns(options, columns, scanner, report);
  }

  /** @returns undefined, and nothing was done, where texts are to be looked at. */
  process(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    this.#batches++;
    const scanned = this.#tryScan(runs) ?? (this.#tryForget() ? this.#tryScan(runs) : undefined);
    const expanded = scanned && this.#tryExpand(scanned);
    if (scanned === undefined || expanded === undefined) return undefined;
    const split = scanned.map((one) => this.#split(one, expanded));
    if (!split.every((made) => made.every((run) => this.#columns.fit(run.fields, run)))) return undefined;
    for (const one of scanned) this.#count(one, expanded);
    return split.flat();
  }

  /** @returns undefined where there is no room, or a source is the same in all rows. */
  #tryScan(runs: readonly RowRun[]): ScannedRun[] | undefined {
    const scanned: ScannedRun[] = [];
    for (const run of runs) {
      const source = trySourceOf(run.fields, this.#options.sourceKey);
      if (source !== undefined && "text" in source) return undefined;
      const column = source && this.#columns.tryTexts(source, run);
      if (source === undefined) scanned.push({ run, column: 0, isUniform: false });
      else if (column === undefined || !this.#scanner.scan(column, run.rowFrom, run.rowTo)) return undefined;
      else scanned.push({ run, source, column, isUniform: this.#scanner.areAllTheSame });
    }
    return scanned;
  }

  #tryForget(): boolean {
    if (this.#batches < BATCHES_BEFORE_FORGETTING) return false;
    this.#batches = 0;
    this.#remembered = new WeakMap();
    this.#scanner.forget();
    return true;
  }

  /** Looks at the rows that the kernel does not take. @returns undefined where there is no room for what is in them. */
  #tryExpand(scanned: readonly ScannedRun[]): ReadonlyMap<number, Expanded> | undefined {
    const expanded = new Map<number, Expanded>();
    for (const { run, source, column, isUniform } of scanned) {
      if (source === undefined || isUniform) continue;
      for (let row = run.rowFrom; row < run.rowTo; row++) {
        if (this.#scanner.shapes[row] !== ASKS_HOST) continue;
        const fields: RecordField[] = [];
        const isWhole = new JsonExpansion(this.#textOf(column, row), this.#options.expansion, fields).run();
        if (!this.#tryWrite(fields, row)) return undefined;
        expanded.set(row, { fields, isWhole });
      }
    }
    return expanded;
  }

  #tryWrite(fields: readonly RecordField[], row: number): boolean {
    const { firstColumn, columnsMax } = this.#scanner;
    if (fields.length > columnsMax) return false;
    return fields.every(({ value }, index) => this.#columns.tryWrite(firstColumn + index, row, value));
  }

  #textOf(column: number, row: number): string {
    return decoder.decode(this.#columns.slice(column, row));
  }

  #split({ run, source, isUniform }: ScannedRun, expanded: ReadonlyMap<number, Expanded>): RowRun[] {
    if (source === undefined) return [run];
    const { shapes } = this.#scanner;
    if (isUniform) return [{ ...run, fields: this.#fieldsOf(run.fields, source, shapes[run.rowFrom], undefined) }];
    const split: RowRun[] = [];
    for (let row = run.rowFrom; row < run.rowTo;) {
      const shape = shapes[row];
      const rowFrom = row++;
      while (row < run.rowTo && shapes[row] === shape && shape !== ASKS_HOST) row++;
      const fields = this.#fieldsOf(run.fields, source, shape, expanded.get(rowFrom));
      split.push({ fields, rowFrom, rowTo: row });
    }
    return split;
  }

  #fieldsOf(
    before: readonly Field[],
    source: ColumnField,
    shape: number,
    expanded: Expanded | undefined,
  ): readonly Field[] {
    const known = this.#remembered.get(before) ?? { byShape: new Map(), byNames: new Map() };
    this.#remembered.set(before, known);
    if (expanded !== undefined) return this.#fieldsByNames(known.byNames, before, source, expanded);
    const fields = known.byShape.get(shape) ?? this.#makeFields(before, source, shape);
    known.byShape.set(shape, fields);
    return fields;
  }

  #makeFields(before: readonly Field[], source: ColumnField, shape: number): readonly Field[] {
    const left = this.#left(before, source, shape !== NO_OBJECT);
    if (shape === NO_OBJECT) return left;
    const added = this.#scanner.valuesOf(shape).map((path, index): Field => {
      return { name: this.#nameOf(path), column: this.#scanner.firstColumn + index, escape: false, isJsonText: true };
    });
    return [...left, ...added];
  }

  #fieldsByNames(
    known: Map<string, readonly Field[]>,
    before: readonly Field[],
    source: ColumnField,
    { fields, isWhole }: Expanded,
  ): readonly Field[] {
    const key = JSON.stringify([isWhole, ...fields.map(({ name }) => name)]);
    const made = known.get(key) ?? [
      ...this.#left(before, source, isWhole),
      ...fields.map(({ name }, index) => ({ name, column: this.#scanner.firstColumn + index, escape: true })),
    ];
    if (known.size >= HOST_SHAPES_MAX) known.clear();
    known.set(key, made);
    return made;
  }

  /** The same list where the source stays. */
  #left(before: readonly Field[], source: ColumnField, isWhole: boolean): readonly Field[] {
    const { keepSource, keepSourceIfParseError } = this.#options;
    return keepSource || (keepSourceIfParseError && !isWhole) ? before : before.filter((field) => field !== source);
  }

  /** As `JsonExpansion` makes names. */
  #nameOf(path: readonly string[]): string {
    const { prefix, root, connector, ignoreFirstConnector } = this.#options.expansion;
    return prefix + root + (ignoreFirstConnector ? "" : connector) + path.join(connector);
  }

  #count({ run, source, column, isUniform }: ScannedRun, expanded: ReadonlyMap<number, Expanded>): void {
    const { sourceKey, noKeyError } = this.#options;
    this.#report.counts.processed += run.rowTo - run.rowFrom;
    if (source === undefined) return this.#report.missing(sourceKey, noKeyError, run.rowTo - run.rowFrom);
    if (isUniform) return;
    for (let row = run.rowFrom; row < run.rowTo; row++) {
      if (this.#scanner.shapes[row] !== NO_OBJECT && expanded.get(row)?.isWhole !== false) continue;
      this.#report.failed("a value is not a JSON object, or broken", this.#textOf(column, row));
    }
  }
}
