/**
 * Groups of a regular expression as columns: what `processor_regex` does with texts, done in the kernel for all rows of a batch. Rows
 * that differ in which groups took part, or in whether they match at all, become runs of their own.
 *
 * @module
 */
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import { type CompiledCaptures, tryCompileCaptures } from "../kernel/captures/compile_captures.ts";
import { ASKS_ENGINE, CAPTURED, type KernelColumns } from "../kernel/kernel_columns.ts";
import type { ProcessorRegexOptions } from "./processor_regex.ts";
import type { ProcessorReport } from "./processor_report.ts";
import { trySourceOf } from "./source_field.ts";

/** In the place of a set of groups: the row does not match. */
const NO_MATCH = -1;
/** A set of groups is a number with a bit for each. */
const GROUPS_MAX = 30;

/** Compiles the expression for the kernel. @returns why not, for users. */
export function compileRegexColumns({ regex, keys, fullMatch }: ProcessorRegexOptions): CompiledCaptures | string {
  const groups = new RegExp(`${regex.source}|`, regex.flags).exec("")!.length - 1;
  if (groups < keys.length) return `Regex has ${groups} groups for ${keys.length} Keys`;
  if (keys.length > GROUPS_MAX) return `it has more than ${GROUPS_MAX} Keys`;
  return tryCompileCaptures(regex, { groups: keys.length, whole: fullMatch });
}

/** One expression in one kernel. */
export class RegexColumns {
  readonly #options: ProcessorRegexOptions;
  readonly #columns: KernelColumns;
  readonly #report: ProcessorReport;
  readonly #program: number;
  readonly #firstColumn: number;
  readonly #areCertain: boolean;
  /** By the fields before, then by the groups that took part. */
  readonly #fields = new WeakMap<readonly Field[], Map<number, readonly Field[]>>();

  private constructor(
    options: ProcessorRegexOptions,
    columns: KernelColumns,
    report: ProcessorReport,
    place: { readonly program: number; readonly firstColumn: number; readonly areCertain: boolean },
  ) {
    this.#options = options;
    this.#columns = columns;
    this.#report = report;
    this.#program = place.program;
    this.#firstColumn = place.firstColumn;
    this.#areCertain = place.areCertain;
  }

  /** @returns undefined where the kernel cannot have the expression, or has no room for it. */
  static tryMake(
    options: ProcessorRegexOptions,
    columns: KernelColumns | undefined,
    report: ProcessorReport,
  ): RegexColumns | undefined {
    const compiled = columns && compileRegexColumns(options);
    if (columns === undefined || compiled === undefined || typeof compiled === "string") return undefined;
    const firstColumn = columns.tryReserve(options.keys.length);
    const program = firstColumn === undefined ? undefined : columns.tryPlace(compiled);
    if (firstColumn === undefined || program === undefined) return undefined;
    return new RegexColumns(options, columns, report, { program, firstColumn, areCertain: compiled.areCertain });
  }

  /** @returns undefined, and nothing was done, where texts are to be looked at. */
  process(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    const source = this.#trySourceColumn(runs);
    if (source === undefined) return undefined;
    const rows = runs.at(-1)?.rowTo ?? 0;
    const others = source < 0
      ? rows
      : this.#columns.capture(this.#program, this.#options.keys.length, source, rows, this.#firstColumn);
    if (source >= 0 && others > 0 && this.#asksEngine(runs)) return undefined;
    if (source >= 0 && !this.#fit(runs)) return undefined;
    return runs.flatMap((run) => this.#split(run, others));
  }

  /** @returns the column that all runs with a source have it in, -1 where none has any; undefined for constants and several columns. */
  #trySourceColumn(runs: readonly RowRun[]): number | undefined {
    let column = -1;
    for (const { fields } of runs) {
      const source = trySourceOf(fields, this.#options.sourceKey);
      if (source === undefined) continue;
      if ("text" in source || (column >= 0 && column !== source.column)) return undefined;
      column = source.column;
    }
    return column;
  }

  #asksEngine(runs: readonly RowRun[]): boolean {
    for (const { rowFrom, rowTo } of runs) {
      for (let row = rowFrom; row < rowTo; row++) if (this.#columns.status(row) === ASKS_ENGINE) return true;
    }
    return false;
  }

  /** Groups may overlap, and the source may stay: together they may be more than a slot has room for. Texts have no such limit. */
  #fit(runs: readonly RowRun[]): boolean {
    const added = this.#options.keys.map((_, group) => this.#firstColumn + group);
    return runs.every(({ fields, rowFrom, rowTo }) => {
      const columns = fields.flatMap((field) => "column" in field && field.escape ? [field.column] : []);
      return this.#columns.fit([...columns, ...added], rowFrom, rowTo);
    });
  }

  #split(run: RowRun, others: number): readonly RowRun[] {
    const { fields, rowFrom, rowTo } = run;
    const { sourceKey, noKeyError } = this.#options;
    const source = trySourceOf(fields, sourceKey);
    this.#report.counts.processed += rowTo - rowFrom;
    if (source === undefined || "text" in source) {
      this.#report.missing(sourceKey, noKeyError, rowTo - rowFrom);
      return [run];
    }
    if (others === 0 && this.#areCertain) {
      return [{ rowFrom, rowTo, fields: this.#fieldsOf(fields, source, this.#all) }];
    }
    return this.#splitByGroups(run, source);
  }

  #splitByGroups({ fields, rowFrom, rowTo }: RowRun, source: ColumnField): RowRun[] {
    const split: RowRun[] = [];
    let from = rowFrom;
    let groups = this.#groupsOf(rowFrom, source);
    for (let row = rowFrom + 1; row <= rowTo; row++) {
      const next = row < rowTo ? this.#groupsOf(row, source) : undefined;
      if (next === groups) continue;
      split.push({ fields: this.#fieldsOf(fields, source, groups), rowFrom: from, rowTo: row });
      from = row;
      groups = next ?? NO_MATCH;
    }
    return split;
  }

  get #all(): number {
    return 2 ** this.#options.keys.length - 1;
  }

  #groupsOf(row: number, source: ColumnField): number {
    if (this.#columns.status(row) !== CAPTURED) {
      const value = new TextDecoder().decode(this.#columns.slice(source.column, row));
      this.#report.failed("a value does not match Regex", value, this.#options.noMatchError);
      return NO_MATCH;
    }
    if (this.#areCertain) return this.#all;
    let groups = 0;
    for (let group = 0; group < this.#options.keys.length; group++) {
      if (this.#columns.has(this.#firstColumn + group, row)) groups |= 1 << group;
    }
    return groups;
  }

  #fieldsOf(fields: readonly Field[], source: ColumnField, groups: number): readonly Field[] {
    const byGroups = this.#fields.get(fields) ?? new Map<number, readonly Field[]>();
    this.#fields.set(fields, byGroups);
    const known = byGroups.get(groups) ?? this.#makeFields(fields, source, groups);
    byGroups.set(groups, known);
    return known;
  }

  #makeFields(fields: readonly Field[], source: ColumnField, groups: number): readonly Field[] {
    const { keys, keepSource, keepSourceIfParseError } = this.#options;
    const isKept = keepSource || (groups === NO_MATCH && keepSourceIfParseError);
    const left = isKept ? fields : fields.filter((field) => field !== source);
    if (groups === NO_MATCH) return left;
    const added = keys.map((name, group) => ({ name, column: this.#firstColumn + group, escape: source.escape }));
    return [...left, ...added.filter((_, group) => (groups & (1 << group)) !== 0)];
  }
}
