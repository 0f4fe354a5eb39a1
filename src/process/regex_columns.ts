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
/** So many different sets of groups that need escaping are told apart. */
const UNCLEAN_MAX = 64;

/** Compiles the expression for the kernel. @returns why not, for users. */
export function compileRegexColumns({ regex, keys, fullMatch }: ProcessorRegexOptions): CompiledCaptures | string {
  const groups = new RegExp(`${regex.source}|`, regex.flags).exec("")!.length - 1;
  if (groups < keys.length) return `Regex has ${groups} groups for ${keys.length} Keys`;
  if (keys.length > GROUPS_MAX) return `it has more than ${GROUPS_MAX} Keys`;
  return tryCompileCaptures(regex, { groups: keys.length, whole: fullMatch });
}

/** Where a run's source is, its texts, and how many of them do not match. */
interface MatchedSource {
  readonly field: ColumnField;
  readonly column: number;
  readonly others: number;
  /** The groups that may need escaping, a bit for each. */
  readonly unclean: number;
}

/** A run, and its source if it has one. */
interface MatchedRun {
  readonly run: RowRun;
  readonly source?: MatchedSource;
}

/** One expression in one kernel. */
export class RegexColumns {
  readonly #options: ProcessorRegexOptions;
  readonly #columns: KernelColumns;
  readonly #report: ProcessorReport;
  readonly #program: number;
  readonly #firstColumn: number;
  readonly #areCertain: boolean;
  readonly #groupFields: readonly Field[];
  /** What a row may have at most, by the fields before. */
  readonly #withGroups = new WeakMap<readonly Field[], readonly Field[]>();
  /** By the fields before, then by the groups that need escaping, then by those that took part. */
  readonly #fields = new WeakMap<readonly Field[], Map<number, Map<number, readonly Field[]>>>();

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
    this.#groupFields = options.keys.map((name, group) => ({ name, column: place.firstColumn + group, escape: true }));
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
    const matched: MatchedRun[] = [];
    for (const run of runs) {
      const one = this.#tryMatch(run);
      if (one === undefined) return undefined;
      matched.push(one);
    }
    return matched.flatMap((run) => this.#split(run));
  }

  /** @returns undefined where texts are to be looked at. */
  #tryMatch(run: RowRun): MatchedRun | undefined {
    const field = trySourceOf(run.fields, this.#options.sourceKey);
    if (field === undefined) return { run };
    const column = "text" in field ? undefined : this.#columns.tryTexts(field, run);
    if ("text" in field || column === undefined) return undefined;
    const others = this.#columns.capture(this.#program, this.#options.keys.length, column, run, this.#firstColumn);
    if ((others > 0 && this.#asksEngine(run)) || !this.#fit(run)) return undefined;
    return { run, source: { field, column, others, unclean: this.#columns.uncleanGroups & this.#all } };
  }

  #asksEngine({ rowFrom, rowTo }: RowRun): boolean {
    for (let row = rowFrom; row < rowTo; row++) if (this.#columns.status(row) === ASKS_ENGINE) return true;
    return false;
  }

  /** Groups may overlap, and the source may stay: together they may be more than a slot has room for. Texts have no such limit. */
  #fit(run: RowRun): boolean {
    const fields = this.#withGroups.get(run.fields) ?? [...run.fields, ...this.#groupFields];
    this.#withGroups.set(run.fields, fields);
    return this.#columns.fit(fields, run);
  }

  #split({ run, source }: MatchedRun): readonly RowRun[] {
    const { fields, rowFrom, rowTo } = run;
    const { sourceKey, noKeyError } = this.#options;
    this.#report.counts.processed += rowTo - rowFrom;
    if (source === undefined) {
      this.#report.missing(sourceKey, noKeyError, rowTo - rowFrom);
      return [run];
    }
    if (source.others === 0 && this.#areCertain) {
      return [{ rowFrom, rowTo, fields: this.#fieldsOf(fields, source, this.#all) }];
    }
    return this.#splitByGroups(run, source);
  }

  #splitByGroups({ fields, rowFrom, rowTo }: RowRun, source: MatchedSource): RowRun[] {
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

  #groupsOf(row: number, source: MatchedSource): number {
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

  #fieldsOf(fields: readonly Field[], { field, unclean }: MatchedSource, groups: number): readonly Field[] {
    const byUnclean = this.#fields.get(fields) ?? new Map<number, Map<number, readonly Field[]>>();
    this.#fields.set(fields, byUnclean);
    const escaped = byUnclean.size < UNCLEAN_MAX || byUnclean.has(unclean) ? unclean : this.#all;
    const byGroups = byUnclean.get(escaped) ?? new Map<number, readonly Field[]>();
    byUnclean.set(escaped, byGroups);
    const known = byGroups.get(groups) ?? this.#makeFields(fields, field, groups, escaped);
    byGroups.set(groups, known);
    return known;
  }

  #makeFields(fields: readonly Field[], source: ColumnField, groups: number, escaped: number): readonly Field[] {
    const { keys, keepSource, keepSourceIfParseError } = this.#options;
    const isKept = keepSource || (groups === NO_MATCH && keepSourceIfParseError);
    const left = isKept ? fields : fields.filter((field) => field !== source);
    if (groups === NO_MATCH) return left;
    const mayNeed = source.escape || source.isJsonText === true;
    const added = keys.map((name, group) => ({
      name,
      column: this.#firstColumn + group,
      escape: mayNeed && (escaped & (1 << group)) !== 0,
    }));
    return [...left, ...added.filter((_, group) => (groups & (1 << group)) !== 0)];
  }
}
