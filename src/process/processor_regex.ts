/**
 * `processor_regex`: the groups of a regular expression become fields. `.` matches newlines, too, as in the original. A record
 * that does not match keeps its field, unless `KeepSourceIfParseError` is off.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/regex/regex.go
 *
 * @module
 */
import * as z from "zod";
import { bool, text } from "../core/options.ts";
import type { RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import { pattern, requiredList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { RegexColumns } from "./regex_columns.ts";
import { removeField, SourceField } from "./source_field.ts";

/** What is matched, how the groups are named, and when the field stays. */
export interface ProcessorRegexOptions {
  readonly regex: RegExp;
  /** Group i is named by the i-th; groups beyond are not taken. */
  readonly keys: readonly string[];
  /** `""`: the first field. */
  readonly sourceKey: string;
  /** Whether the leftmost match must be the whole value. */
  readonly fullMatch: boolean;
  readonly noKeyError: boolean;
  readonly noMatchError: boolean;
  readonly keepSource: boolean;
  readonly keepSourceIfParseError: boolean;
}

/** The schema of `ProcessorRegexOptions`. */
export const processorRegexOptions = (): z.ZodType<ProcessorRegexOptions> =>
  z.object({
    Regex: pattern("s"),
    Keys: requiredList("a list of field names"),
    SourceKey: text().default(""),
    FullMatch: bool().default(false),
    NoKeyError: bool().default(false),
    NoMatchError: bool().default(true),
    KeepSource: bool().default(false),
    KeepSourceIfParseError: bool().default(true),
  }).transform((given) => ({
    regex: given.Regex,
    keys: given.Keys,
    sourceKey: given.SourceKey,
    fullMatch: given.FullMatch,
    noKeyError: given.NoKeyError,
    noMatchError: given.NoMatchError,
    keepSource: given.KeepSource,
    keepSourceIfParseError: given.KeepSourceIfParseError,
  }));

/** Extracts groups. New fields come last, in the order of `keys`; a group that took no part in the match gives none. */
export class ProcessorRegex extends RecordChanger {
  readonly #options: ProcessorRegexOptions;
  readonly #source: SourceField;
  readonly #columns: RegexColumns | undefined;

  constructor(options: ProcessorRegexOptions, context: ProcessorContext) {
    super("processor_regex", context);
    this.#options = options;
    this.#columns = RegexColumns.tryMake(options, context.columns, this.report);
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { keepSource, keepSourceIfParseError } = this.#options;
    const groups = this.#tryGroups(source.value);
    groups?.forEach((value, index) => {
      if (value !== undefined) record.fields.push({ name: this.#options.keys[index], value });
    });
    if (!keepSource && !(keepSourceIfParseError && groups === undefined)) removeField(record, source);
  }

  /** @returns the group of each key; undefined when the value does not match. */
  #tryGroups(value: string): readonly (string | undefined)[] | undefined {
    const { regex, keys, fullMatch, noMatchError } = this.#options;
    const match = regex.exec(value);
    if (match === null || (fullMatch && match[0].length !== value.length)) {
      this.report.failed("a value does not match Regex", value, noMatchError);
      return undefined;
    }
    if (match.length - 1 < keys.length) {
      this.report.failed(`Regex has ${match.length - 1} groups for ${keys.length} Keys`, value, noMatchError);
      return undefined;
    }
    return match.slice(1, keys.length + 1);
  }
}
