/**
 * `processor_split_char`: cuts a field at a character and names the pieces in turn. With `QuoteFlag` a piece may stand in quotes,
 * with a separator in it, and a quote doubled. Differs on purpose: a quote that is never closed counts as broken.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/char/split_char.go
 *
 * @module
 */
import * as z from "zod";
import { bool, scalar, text, textList } from "../core/options.ts";
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import {
  CutColumns,
  type CutOutcome,
  type CutPlan,
  isShortAscii,
  type Piece as ColumnPiece,
  PIECES_MAX,
} from "./cut_columns.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";
import { SPLIT_SURPLUS_NAME } from "./surplus_fields.ts";

/** Where a field is cut, and how the pieces are named. */
export interface ProcessorSplitCharOptions {
  /** `""`: the first field. */
  readonly sourceKey: string;
  /** One ASCII character. */
  readonly separator: string;
  /** One character, or `""`: none. */
  readonly quote: string;
  readonly names: readonly string[];
  readonly preserveOthers: boolean;
  readonly keepSource: boolean;
  readonly keepSourceIfParseError: boolean;
  readonly noKeyError: boolean;
  readonly noMatchError: boolean;
}

/** The schema of `ProcessorSplitCharOptions`. */
export const processorSplitCharOptions = (): z.ZodType<ProcessorSplitCharOptions> =>
  z.object({
    SourceKey: text().default(""),
    SplitSep: scalar("one ASCII character", (given) => /^[\0-\x7f]$/.test(given) ? given : undefined).default("\n"),
    SplitKeys: textList("a list of field names").default([]),
    Quote: text().default(""),
    QuoteFlag: bool().default(false),
    PreserveOthers: bool().default(true),
    KeepSource: bool().default(false),
    KeepSourceIfParseError: bool().default(true),
    NoKeyError: bool().default(false),
    NoMatchError: bool().default(false),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    separator: given.SplitSep,
    quote: given.QuoteFlag ? given.Quote.slice(0, 1) : "",
    names: given.SplitKeys,
    preserveOthers: given.PreserveOthers,
    keepSource: given.KeepSource,
    keepSourceIfParseError: given.KeepSourceIfParseError,
    noKeyError: given.NoKeyError,
    noMatchError: given.NoMatchError,
  }));

/** A piece, and where the next one begins. */
interface Piece {
  readonly text: string;
  readonly next: number;
}

/** @returns why values cannot be cut in columns, for users. */
export function trySplitCharProblem({ names, quote }: ProcessorSplitCharOptions): string | undefined {
  if (names.length === 0) return "it has no SplitKeys";
  if (names.length >= PIECES_MAX) return `SplitKeys has more than ${PIECES_MAX - 1} names`;
  return isShortAscii(quote, 1) ? undefined : "Quote is not ASCII";
}

const TOO_FEW = "a value has fewer pieces than SplitKeys has names";

/** Splits a field into several. An empty piece at the very end is none. */
export class ProcessorSplitChar extends RecordChanger {
  readonly #options: ProcessorSplitCharOptions;
  readonly #source: SourceField;
  readonly #columns: CutColumns | undefined;

  constructor(options: ProcessorSplitCharOptions, context: ProcessorContext) {
    super("processor_split_char", context);
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
    const { keepSource, keepSourceIfParseError } = this.#options;
    const isWhole = this.#split(source.value, record);
    if (!keepSource && !(keepSourceIfParseError && !isWhole)) removeField(record, source);
  }

  /** @returns false where a quote is wrong: the pieces before it have been added. */
  #split(value: string, record: LogRecord): boolean {
    const { names, preserveOthers, noMatchError } = this.#options;
    let at = 0;
    for (const name of names) {
      if (at >= value.length) {
        this.report.failed(TOO_FEW, value, noMatchError);
        return true;
      }
      const piece = this.#tryPiece(value, at);
      if (piece === undefined) {
        this.report.failed("a quote is not closed, or closed within a piece", value);
        return false;
      }
      record.fields.push({ name, value: piece.text });
      at = piece.next;
    }
    const hasOthers = at < value.length || names.length === 0;
    if (hasOthers && preserveOthers) record.fields.push({ name: SPLIT_SURPLUS_NAME, value: value.slice(at) });
    return true;
  }

  #tryPiece(value: string, at: number): Piece | undefined {
    const { separator, quote } = this.#options;
    if (value[at] === quote) return this.#tryQuoted(value, at);
    const end = value.indexOf(separator, at);
    return end < 0
      ? { text: value.slice(at), next: value.length }
      : { text: value.slice(at, end), next: end + separator.length };
  }

  #tryQuoted(value: string, at: number): Piece | undefined {
    const { separator, quote } = this.#options;
    const texts: string[] = [];
    for (let from = at + 1, end = value.indexOf(quote, from); end >= 0; end = value.indexOf(quote, from)) {
      texts.push(value.slice(from, end));
      const behind = value[end + 1];
      if (behind === undefined || behind === separator) return { text: texts.join(quote), next: end + 2 };
      if (behind !== quote) return undefined;
      from = end + 2;
    }
    return undefined;
  }
}

function tryPlan(options: ProcessorSplitCharOptions): CutPlan | undefined {
  if (trySplitCharProblem(options) !== undefined) return undefined;
  const { sourceKey, noKeyError, separator, quote, names } = options;
  const rules = { separator, asking: quote, columns: names.length + 1, takesRest: true, restHasSeparator: false };
  return {
    sourceKey,
    noKeyError,
    rules: { ...rules, trims: false, dropsEmptyLast: true },
    outcome: (fields, source, pieces) => outcomeOf(options, fields, source, pieces),
  };
}

/** As the processor does it with texts. */
function outcomeOf(
  { names, keepSource, noMatchError, preserveOthers }: ProcessorSplitCharOptions,
  fields: readonly Field[],
  source: ColumnField,
  pieces: readonly ColumnPiece[],
): CutOutcome {
  const left = keepSource ? fields : fields.filter((field) => field !== source);
  const kept = pieces.slice(0, preserveOthers ? undefined : names.length);
  const added = kept.map((piece, index) => ({ ...piece, name: names[index] ?? SPLIT_SURPLUS_NAME }));
  const problem = pieces.length < names.length ? [TOO_FEW, noMatchError] as const : undefined;
  return { fields: [...left, ...added], problem };
}
