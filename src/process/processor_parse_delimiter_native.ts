/**
 * `processor_parse_delimiter_native`: cuts a value at a separator and names the columns in turn. With a separator of one character
 * a column may stand in quotes, with a separator in it, and a quote doubled.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorParseDelimiterNative.cpp
 *
 * @module
 */
import * as z from "zod";
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import { bool, choice, text } from "../core/options.ts";
import {
  CutColumns,
  type CutOutcome,
  type CutPlan,
  isShortAscii,
  type Piece,
  PIECES_MAX,
  trySeparatorProblem,
} from "./cut_columns.ts";
import {
  NativeParser,
  type NativeParserOptions,
  nativeParserOptions,
  nativeParserShape,
  type Parsed,
  parsedFields,
} from "./native_parser.ts";
import { requiredList, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";

/** The name of columns that are left out where surplus ones are. */
const IGNORED_NAME = "_";
const SEPARATOR_CHARS_MAX = 4;

/** Where values are cut, and how the columns are named. */
export interface ProcessorParseDelimiterNativeOptions extends NativeParserOptions {
  readonly separator: string;
  /** `""`: none. */
  readonly quote: string;
  readonly names: readonly string[];
  /** Whether there may be fewer columns than names. */
  readonly allowsFewer: boolean;
  /** What becomes of surplus columns: a field each, one field, none. */
  readonly surplus: "extend" | "keep" | "discard";
}

/** The schema of `ProcessorParseDelimiterNativeOptions`. */
export const processorParseDelimiterNativeOptions = (): z.ZodType<ProcessorParseDelimiterNativeOptions> =>
  z.object({
    ...nativeParserShape(),
    Separator: requiredText()
      .refine((given) => given.length <= SEPARATOR_CHARS_MAX, `must have at most ${SEPARATOR_CHARS_MAX} characters`)
      .transform((given) => given === "\\t" ? "\t" : given),
    Quote: text().default('"').refine((given) => given.length <= 1, "must be one character"),
    Keys: requiredList("a list of field names"),
    AllowingShortenedFields: bool().default(true),
    OverflowedFieldsTreatment: choice(["extend", "keep", "discard"]).default("extend"),
  }).transform((given) => ({
    ...nativeParserOptions(given),
    separator: given.Separator,
    quote: given.Separator.length === 1 ? given.Quote || '"' : "",
    names: given.Keys,
    allowsFewer: given.AllowingShortenedFields,
    surplus: given.OverflowedFieldsTreatment,
  }));

/** @returns why values cannot be cut in columns, for users. */
export function tryDelimiterProblem(
  { separator, quote, names }: ProcessorParseDelimiterNativeOptions,
): string | undefined {
  if (names.length >= PIECES_MAX) return `Keys has more than ${PIECES_MAX - 1} names`;
  if (!isShortAscii(quote, 1)) return "Quote is not ASCII";
  return trySeparatorProblem("Separator", separator);
}

/** A column, and where the next one begins; undefined: there is none. */
interface Column {
  readonly text: string;
  readonly next: number | undefined;
}

/** Splits values into columns. Blanks around a value do not count; a record whose value is all blank stays as it is. */
export class ProcessorParseDelimiterNative extends NativeParser {
  readonly #options: ProcessorParseDelimiterNativeOptions;
  readonly #columns: CutColumns | undefined;

  /** @param name the `Type` by which the user knows it. */
  constructor(
    options: ProcessorParseDelimiterNativeOptions,
    context: ProcessorContext,
    name = "processor_parse_delimiter_native",
  ) {
    super(name, options, context);
    this.#options = options;
    const change = this.isKept.bind(this);
    this.#columns = CutColumns.tryMake(tryPlan(options), context.columns, this.report, change);
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override parse(value: string): Parsed {
    const { names, allowsFewer } = this.#options;
    const trimmed = value.replace(/^ +/, "").replace(/(?<![ \r])[ \r]+$/, "");
    if (trimmed === "") return undefined;
    const columns = this.#tryColumns(trimmed);
    if (columns === undefined) return "a quote is not closed, or closed within a column";
    if (columns.length < names.length && !allowsFewer) return "a value has fewer columns than Keys has names";
    return this.#named(columns);
  }

  #named(columns: readonly string[]): Parsed {
    const { names, surplus, separator } = this.#options;
    const fields = columns.map((value, index) => ({ name: names[index] ?? `__column${index}__`, value }));
    if (surplus === "discard") return fields.slice(0, names.length).filter(({ name }) => name !== IGNORED_NAME);
    if (surplus === "extend" || columns.length <= names.length) return fields;
    const rest = columns.slice(names.length).map((column) => separator + column).join("");
    return [...fields.slice(0, names.length), { name: `__column${names.length}__`, value: rest }];
  }

  #tryColumns(value: string): string[] | undefined {
    const { separator, quote } = this.#options;
    if (quote === "" || quote === separator || !value.includes(quote)) return value.split(separator);
    const columns: string[] = [];
    for (let at: number | undefined = 0; at !== undefined;) {
      const column: Column | undefined = value[at] === quote ? this.#tryQuoted(value, at) : this.#plain(value, at);
      if (column === undefined) return undefined;
      columns.push(column.text);
      at = column.next;
    }
    return columns;
  }

  #plain(value: string, at: number): Column {
    const end = value.indexOf(this.#options.separator, at);
    return end < 0 ? { text: value.slice(at), next: undefined } : { text: value.slice(at, end), next: end + 1 };
  }

  #tryQuoted(value: string, at: number): Column | undefined {
    const { separator, quote } = this.#options;
    const texts: string[] = [];
    for (let from = at + 1, end = value.indexOf(quote, from); end >= 0; end = value.indexOf(quote, from)) {
      texts.push(value.slice(from, end));
      const behind = value[end + 1];
      if (behind === undefined) return { text: texts.join(quote), next: undefined };
      if (behind === separator) return { text: texts.join(quote), next: end + 2 };
      if (behind !== quote) return undefined;
      from = end + 2;
    }
    return undefined;
  }
}

function tryPlan(options: ProcessorParseDelimiterNativeOptions): CutPlan | undefined {
  if (tryDelimiterProblem(options) !== undefined) return undefined;
  const { sourceKey, separator, quote, names, surplus } = options;
  const isOpen = surplus === "extend";
  const rules = {
    separator,
    asking: quote === separator ? "" : quote,
    columns: isOpen ? PIECES_MAX : names.length + 1,
  };
  return {
    sourceKey,
    noKeyError: false,
    rules: { ...rules, takesRest: !isOpen, restHasSeparator: surplus === "keep", trims: true, dropsEmptyLast: false },
    outcome: (fields, source, pieces) => tryOutcome(options, fields, source, pieces),
  };
}

/** As the processor does it with texts; what is too short is left to it. */
function tryOutcome(
  options: ProcessorParseDelimiterNativeOptions,
  fields: readonly Field[],
  source: ColumnField,
  pieces: readonly Piece[],
): CutOutcome | undefined {
  const { names, allowsFewer, surplus } = options;
  if (pieces.length < names.length && !allowsFewer) return undefined;
  const parsed = pieces.map((piece, index) => ({ ...piece, name: names[index] ?? `__column${index}__` }));
  if (surplus !== "discard") return { fields: parsedFields(options, fields, source, parsed) };
  const kept = parsed.slice(0, names.length).filter(({ name }) => name !== IGNORED_NAME);
  return { fields: parsedFields(options, fields, source, kept) };
}
