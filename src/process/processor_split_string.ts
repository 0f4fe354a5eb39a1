/**
 * `processor_split_string`: cuts a field at a separator and names the pieces in turn. What is left over becomes one field, or
 * numbered ones.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/string/split_string.go
 *
 * @module
 */
import * as z from "zod";
import { bool, text, textList } from "../core/options.ts";
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import {
  CutColumns,
  type CutOutcome,
  type CutPlan,
  type Piece,
  PIECES_MAX,
  trySeparatorProblem,
} from "./cut_columns.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";
import { addSurplus, SPLIT_SURPLUS_NAME } from "./surplus_fields.ts";

/** Where a field is cut, and how the pieces are named. */
export interface ProcessorSplitStringOptions {
  /** `""`: the first field. */
  readonly sourceKey: string;
  readonly separator: string;
  readonly names: readonly string[];
  readonly preserveOthers: boolean;
  /** Whether what is left over is cut, too. */
  readonly expandOthers: boolean;
  readonly expandKeyPrefix: string;
  readonly keepSource: boolean;
  readonly noKeyError: boolean;
  readonly noMatchError: boolean;
}

/** The schema of `ProcessorSplitStringOptions`. */
export const processorSplitStringOptions = (): z.ZodType<ProcessorSplitStringOptions> =>
  z.object({
    SourceKey: text().default(""),
    SplitSep: requiredText().prefault("\n"),
    SplitKeys: textList("a list of field names").default([]),
    PreserveOthers: bool().default(true),
    ExpandOthers: bool().default(false),
    ExpandKeyPrefix: text().default(""),
    KeepSource: bool().default(false),
    NoKeyError: bool().default(false),
    NoMatchError: bool().default(false),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    separator: given.SplitSep,
    names: given.SplitKeys,
    preserveOthers: given.PreserveOthers,
    expandOthers: given.ExpandOthers,
    expandKeyPrefix: given.ExpandKeyPrefix,
    keepSource: given.KeepSource,
    noKeyError: given.NoKeyError,
    noMatchError: given.NoMatchError,
  }));

/** @returns why values cannot be cut in columns, for users. */
export function trySplitStringProblem({ separator, names }: ProcessorSplitStringOptions): string | undefined {
  if (names.length >= PIECES_MAX) return `SplitKeys has more than ${PIECES_MAX - 1} names`;
  return trySeparatorProblem("SplitSep", separator);
}

const TOO_FEW = "a value has fewer pieces than SplitKeys has names";

/** Splits a field into several. With fewer pieces than names, the last names have no field. */
export class ProcessorSplitString extends RecordChanger {
  readonly #options: ProcessorSplitStringOptions;
  readonly #source: SourceField;
  readonly #columns: CutColumns | undefined;

  constructor(options: ProcessorSplitStringOptions, context: ProcessorContext) {
    super("processor_split_string", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
    this.#columns = CutColumns.tryMake(tryPlan(options), context.columns, this.report, (record) => {
      this.change(record);
      return true;
    });
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { names, separator, keepSource, noMatchError } = this.#options;
    if (!keepSource) removeField(record, source);
    const pieces = source.value.split(separator);
    if (pieces.length < names.length) {
      this.report.failed(TOO_FEW, source.value, noMatchError);
    }
    pieces.slice(0, names.length).forEach((value, index) => record.fields.push({ name: names[index], value }));
    addSurplus(record, pieces.slice(names.length), this.#options, (others) => {
      return { name: SPLIT_SURPLUS_NAME, value: others.join(separator) };
    });
  }
}

function tryPlan(options: ProcessorSplitStringOptions): CutPlan | undefined {
  if (trySplitStringProblem(options) !== undefined) return undefined;
  const { sourceKey, noKeyError, separator, names, preserveOthers, expandOthers } = options;
  const isOpen = preserveOthers && expandOthers;
  const columns = isOpen ? PIECES_MAX : names.length + 1;
  const rules = { separator, asking: "", columns, takesRest: !isOpen, restHasSeparator: false };
  return {
    sourceKey,
    noKeyError,
    rules: { ...rules, trims: false, dropsEmptyLast: false },
    outcome: (fields, source, pieces) => outcomeOf(options, fields, source, pieces),
  };
}

/** As the processor does it with texts. */
function outcomeOf(
  { names, keepSource, noMatchError, preserveOthers, expandOthers, expandKeyPrefix }: ProcessorSplitStringOptions,
  fields: readonly Field[],
  source: ColumnField,
  pieces: readonly Piece[],
): CutOutcome {
  const left = keepSource ? fields : fields.filter((field) => field !== source);
  const named = pieces.slice(0, names.length).map((piece, index) => ({ ...piece, name: names[index] }));
  const others = preserveOthers ? pieces.slice(names.length) : [];
  const added = others.map((piece, index) => {
    return { ...piece, name: expandOthers ? `${expandKeyPrefix}${index + 1}` : SPLIT_SURPLUS_NAME };
  });
  const problem = pieces.length < names.length ? [TOO_FEW, noMatchError] as const : undefined;
  return { fields: [...left, ...named, ...added], problem };
}
