/**
 * What `processor_filter_regex` does with texts, done with columns in the kernel: rows that are not wanted are left out of the runs.
 *
 * @module
 */
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { KernelColumns } from "../kernel/kernel_columns.ts";
import { tryCompilePattern } from "../kernel/pattern/compile_pattern.ts";
import type { ProcessorFilterRegexOptions } from "./processor_filter_regex.ts";
import type { ProcessorReport } from "./processor_report.ts";

/** A pattern in the kernel, and for texts that are the same in all rows. */
interface PlacedPattern {
  readonly address: number;
  readonly regex: RegExp;
}

/** What is asked of each row: whether the pattern at `address` is found in `field`. */
interface RowTest {
  readonly address: number;
  readonly field: ColumnField;
  readonly isWanted: boolean;
}

/** The same, with the column in which the field's texts are. */
type PlacedTest = Omit<RowTest, "field"> & { readonly column: number };

/** @returns which pattern the kernel cannot have, for users; undefined: it can have all. */
export function tryFilterProblem({ include, exclude }: ProcessorFilterRegexOptions): string | undefined {
  const broken = [...include, ...exclude].find(([, regex]) =>
    tryCompilePattern(regex, { anchored: false }) === undefined
  );
  return broken && `the pattern of ${broken[0]} has look-around or references back, or is too large`;
}

/** The patterns of one filter in one kernel. */
export class FilterColumns {
  readonly #include: ReadonlyMap<string, PlacedPattern>;
  readonly #exclude: ReadonlyMap<string, PlacedPattern>;
  readonly #columns: KernelColumns;
  readonly #report: ProcessorReport;
  /** What is asked of rows, by their fields; undefined: none of them is wanted. */
  readonly #tests = new WeakMap<readonly Field[], { readonly tests: readonly RowTest[] | undefined }>();

  private constructor(
    include: ReadonlyMap<string, PlacedPattern>,
    exclude: ReadonlyMap<string, PlacedPattern>,
    columns: KernelColumns,
    report: ProcessorReport,
  ) {
    this.#include = include;
    this.#exclude = exclude;
    this.#columns = columns;
    this.#report = report;
  }

  /** @returns undefined where one of the patterns is V8's. */
  static tryMake(
    { include, exclude }: ProcessorFilterRegexOptions,
    columns: KernelColumns | undefined,
    report: ProcessorReport,
  ): FilterColumns | undefined {
    const included = columns && tryPlace(include, columns);
    const excluded = columns && tryPlace(exclude, columns);
    if (columns === undefined || included === undefined || excluded === undefined) return undefined;
    return new FilterColumns(included, excluded, columns, report);
  }

  /** @returns undefined, and nothing was done, where texts are to be looked at. */
  process(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    for (const run of runs) if (!this.#canLookAt(run)) return undefined;
    const kept: RowRun[] = [];
    for (const run of runs) {
      this.#report.counts.processed += run.rowTo - run.rowFrom;
      const before = kept.length;
      this.#keep(run, kept);
      const rows = kept.slice(before).reduce((sum, { rowFrom, rowTo }) => sum + rowTo - rowFrom, 0);
      this.#report.dropped(run.rowTo - run.rowFrom - rows);
    }
    return kept;
  }

  /** Whether there is room for the texts that are asked about. */
  #canLookAt(run: RowRun): boolean {
    return this.#testsOf(run.fields)?.every(({ field }) => this.#columns.tryTexts(field, run) !== undefined) ?? true;
  }

  #keep(run: RowRun, kept: RowRun[]): void {
    const rules = this.#testsOf(run.fields);
    if (rules === undefined) return;
    if (rules.length === 0) return void kept.push(run);
    const tests = rules.map(({ address, field, isWanted }) => {
      return { address, column: this.#columns.textColumnOf(field), isWanted };
    });
    let from = -1;
    for (let row = run.rowFrom; row <= run.rowTo; row++) {
      const isKept = row < run.rowTo && this.#passes(tests, row);
      if (isKept && from < 0) from = row;
      if (isKept || from < 0) continue;
      kept.push({ fields: run.fields, rowFrom: from, rowTo: row });
      from = -1;
    }
  }

  #passes(tests: readonly PlacedTest[], row: number): boolean {
    return tests.every(({ address, column, isWanted }) => this.#columns.matches(address, column, row) === isWanted);
  }

  #testsOf(fields: readonly Field[]): readonly RowTest[] | undefined {
    const known = this.#tests.get(fields) ?? { tests: this.#makeTests(fields) };
    this.#tests.set(fields, known);
    return known.tests;
  }

  #makeTests(fields: readonly Field[]): readonly RowTest[] | undefined {
    const tests: RowTest[] = [];
    for (const name of this.#include.keys()) if (fields.every((field) => field.name !== name)) return undefined;
    for (const field of fields) {
      for (const [patterns, isWanted] of [[this.#include, true], [this.#exclude, false]] as const) {
        const pattern = patterns.get(field.name);
        if (pattern === undefined) continue;
        if ("column" in field) tests.push({ address: pattern.address, field, isWanted });
        else if (pattern.regex.test(field.text) !== isWanted) return undefined;
      }
    }
    return tests;
  }
}

function tryPlace(
  patterns: ReadonlyMap<string, RegExp>,
  columns: KernelColumns,
): ReadonlyMap<string, PlacedPattern> | undefined {
  const placed = new Map<string, PlacedPattern>();
  for (const [name, regex] of patterns) {
    const address = columns.tryPattern(regex);
    if (address === undefined) return undefined;
    placed.set(name, { address, regex });
  }
  return placed;
}
