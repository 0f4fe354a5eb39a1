/**
 * `processor_split_key_value`: cuts `a:1<tab>b:2` into pairs, and each pair into a field's name and value. A value may stand in quotes,
 * with a delimiter in it. Differs on purpose: a pair goes on behind its closing quote until the next delimiter, so that no
 * character is lost.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/keyvalue/key_value_splitter.go
 *
 * @module
 */
import * as z from "zod";
import { bool, type OptionType, text } from "../core/options.ts";
import type { RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import { CutColumns, type CutPlan, isShortAscii } from "./cut_columns.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";

/** Where a field is cut, and how pairs without a name are called. */
export interface ProcessorSplitKeyValueOptions {
  /** `""`: the first field. */
  readonly sourceKey: string;
  /** Between pairs. */
  readonly delimiter: string;
  /** Between name and value. */
  readonly separator: string;
  /** `""`: none. */
  readonly quote: string;
  readonly keepSource: boolean;
  readonly emptyKeyPrefix: string;
  readonly noSeparatorKeyPrefix: string;
  readonly discardsWithoutSeparator: boolean;
  readonly noKeyError: boolean;
  readonly noSeparatorError: boolean;
  readonly emptyKeyError: boolean;
}

/** The schema of `ProcessorSplitKeyValueOptions`. */
export const processorSplitKeyValueOptions = (): z.ZodType<ProcessorSplitKeyValueOptions> =>
  z.object({
    SourceKey: text().default(""),
    Delimiter: textOr("\t"),
    Separator: textOr(":"),
    Quote: text().default(""),
    KeepSource: bool().default(true),
    EmptyKeyPrefix: textOr("empty_key_"),
    NoSeparatorKeyPrefix: textOr("no_separator_key_"),
    DiscardWhenSeparatorNotFound: bool().default(false),
    ErrIfSourceKeyNotFound: bool().default(true),
    ErrIfSeparatorNotFound: bool().default(true),
    ErrIfKeyIsEmpty: bool().default(true),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    delimiter: given.Delimiter,
    separator: given.Separator,
    quote: given.Quote,
    keepSource: given.KeepSource,
    emptyKeyPrefix: given.EmptyKeyPrefix,
    noSeparatorKeyPrefix: given.NoSeparatorKeyPrefix,
    discardsWithoutSeparator: given.DiscardWhenSeparatorNotFound,
    noKeyError: given.ErrIfSourceKeyNotFound,
    noSeparatorError: given.ErrIfSeparatorNotFound,
    emptyKeyError: given.ErrIfKeyIsEmpty,
  }));

/** Empty text counts as left out. */
function textOr(otherwise: string): OptionType<string> {
  return text().default(otherwise).transform((given) => given || otherwise);
}

/** @returns why values cannot be cut in columns, for users. */
export function tryKeyValueProblem({ delimiter, separator, quote }: ProcessorSplitKeyValueOptions): string | undefined {
  if (![delimiter, separator].every((text) => isShortAscii(text, 1))) {
    return "Delimiter or Separator is longer than one character, or not ASCII";
  }
  if (!isShortAscii(quote, 1)) return "Quote is longer than one character, or not ASCII";
  const isEach = new Set([delimiter, separator, quote, "\\"]).size === 4;
  return isEach ? undefined : "Delimiter, Separator and Quote are not different characters";
}

/** Splits a field into pairs. The new fields come last. */
export class ProcessorSplitKeyValue extends RecordChanger {
  readonly #options: ProcessorSplitKeyValueOptions;
  readonly #source: SourceField;
  readonly #columns: CutColumns | undefined;

  constructor(options: ProcessorSplitKeyValueOptions, context: ProcessorContext) {
    super("processor_split_key_value", context);
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
    if (!this.#options.keepSource) removeField(record, source);
    const { separator, noSeparatorError, emptyKeyError } = this.#options;
    const pairs = this.#pairsOf(source.value).map((pair) => [pair, pair.indexOf(separator)] as const);
    this.#addFields(record, pairs);
    if (pairs.some(([, at]) => at < 0)) this.report.failed("a pair has no Separator", source.value, noSeparatorError);
    else if (pairs.some(([, at]) => at === 0)) this.report.failed("a pair has no name", source.value, emptyKeyError);
  }

  #addFields(record: LogRecord, pairs: readonly (readonly [pair: string, separatorAt: number])[]): void {
    const { separator, emptyKeyPrefix, noSeparatorKeyPrefix, discardsWithoutSeparator } = this.#options;
    let nameless = 0;
    let separatorless = 0;
    for (const [pair, at] of pairs) {
      const value = this.#withoutQuotes(at < 0 ? pair : pair.slice(at + separator.length));
      if (at > 0) record.fields.push({ name: pair.slice(0, at), value });
      else if (at === 0) record.fields.push({ name: `${emptyKeyPrefix}${nameless++}`, value });
      else if (!discardsWithoutSeparator) {
        record.fields.push({ name: `${noSeparatorKeyPrefix}${separatorless++}`, value });
      }
    }
  }

  #pairsOf(value: string): string[] {
    const { delimiter } = this.#options;
    const pairs: string[] = [];
    for (let start = 0; start <= value.length;) {
      const end = this.#pairEnd(value, start);
      pairs.push(value.slice(start, end));
      start = end + delimiter.length;
    }
    return pairs;
  }

  #pairEnd(value: string, start: number): number {
    const { delimiter, separator, quote } = this.#options;
    const end = indexOrEnd(value, delimiter, start);
    if (quote === "") return end;
    const separatorAt = value.startsWith(quote, start) ? -1 : value.slice(start, end).indexOf(separator);
    const valueStart = separatorAt < 0 ? start : start + separatorAt + separator.length;
    if (!value.startsWith(quote, valueStart)) return end;
    const closing = tryClosingQuote(value, quote, valueStart + quote.length);
    // A quote that is never closed is a character.
    return closing === undefined ? end : indexOrEnd(value, delimiter, closing + quote.length);
  }

  #withoutQuotes(value: string): string {
    const { quote } = this.#options;
    const isQuoted = quote !== "" && value.length >= 2 * quote.length && value.startsWith(quote) &&
      value.endsWith(quote);
    return isQuoted ? value.slice(quote.length, -quote.length) : value;
  }
}

function tryPlan(options: ProcessorSplitKeyValueOptions): CutPlan | undefined {
  if (tryKeyValueProblem(options) !== undefined) return undefined;
  const { sourceKey, noKeyError, keepSource, delimiter, separator, quote } = options;
  return {
    sourceKey,
    noKeyError,
    rules: { delimiter, separator, quote },
    outcome: (fields, source, pieces, names) => {
      const left = keepSource ? fields : fields.filter((field) => field !== source);
      return { fields: [...left, ...pieces.map((piece, index) => ({ ...piece, name: names[index] }))] };
    },
  };
}

function indexOrEnd(value: string, sought: string, from: number): number {
  const index = value.indexOf(sought, from);
  return index < 0 ? value.length : index;
}

/** One behind a backslash does not close. */
function tryClosingQuote(value: string, quote: string, from: number): number | undefined {
  let index = value.indexOf(quote, from);
  while (index > 0 && value[index - 1] === "\\") index = value.indexOf(quote, index + 1);
  return index < 0 ? undefined : index;
}
