/**
 * What the original's native parsers share: fields of existing names are replaced, and what becomes of the source. A record whose
 * source cannot be parsed nor kept is dropped when nothing but `_time_` and `_source_` is left.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/CommonParserOptions.cpp
 *
 * @module
 */
import { bool, text } from "../core/options.ts";
import { type LogRecord, type RecordField, tryField } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { removeField, SourceField } from "./source_field.ts";

const RAW_LOG_NAME = "__raw_log__";
const REMAINING_NAMES: readonly string[] = ["_time_", "_source_"];

/** What is parsed, and what becomes of it. */
export interface NativeParserOptions {
  readonly sourceKey: string;
  readonly keepsOnFailure: boolean;
  readonly keepsOnSuccess: boolean;
  /** The name of a source that is kept. */
  readonly renamedSourceKey: string;
  /** Whether a source that is kept after a failure is also kept as `__raw_log__`. */
  readonly copiesRawLog: boolean;
}

/** The options that all native parsers have, as parts of a schema. */
export function nativeParserShape() {
  return {
    SourceKey: requiredText(),
    KeepingSourceWhenParseFail: bool().default(false),
    KeepingSourceWhenParseSucceed: bool().default(false),
    RenamedSourceKey: text().default(""),
    CopingRawLog: bool().default(false),
  };
}

/** What a schema with `nativeParserShape` gives. */
interface GivenNativeOptions {
  readonly SourceKey: string;
  readonly KeepingSourceWhenParseFail: boolean;
  readonly KeepingSourceWhenParseSucceed: boolean;
  readonly RenamedSourceKey: string;
  readonly CopingRawLog: boolean;
}

/** @returns the shared options out of all that were given. */
export function nativeParserOptions(given: GivenNativeOptions): NativeParserOptions {
  return {
    sourceKey: given.SourceKey,
    keepsOnFailure: given.KeepingSourceWhenParseFail,
    keepsOnSuccess: given.KeepingSourceWhenParseSucceed,
    renamedSourceKey: given.RenamedSourceKey || given.SourceKey,
    copiesRawLog: given.CopingRawLog,
  };
}

/** A field's value, parsed: the fields in it, or a sentence that says what is wrong. */
export type Parsed = readonly RecordField[] | string;

/** Parses one field of each record. */
export abstract class NativeParser extends ReportingProcessor {
  readonly #options: NativeParserOptions;
  readonly #source: SourceField;

  constructor(name: string, options: NativeParserOptions, context: ProcessorContext) {
    super(name, context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return records.filter((record) => this.guarded(() => this.#isKept(record), true));
  }

  /** Parses a value. */
  protected abstract parse(value: string): Parsed;

  #isKept(record: LogRecord): boolean {
    const source = this.#source.tryIn(record);
    if (source === undefined) return true;
    const raw = source.value;
    const parsed = this.parse(raw);
    if (typeof parsed === "string") return this.#isKeptBroken(record, source, parsed);
    const { sourceKey, keepsOnSuccess, renamedSourceKey } = this.#options;
    for (const { name, value } of parsed) setField(record, name, value);
    if (!parsed.some(({ name }) => name === sourceKey)) removeField(record, source);
    if (keepsOnSuccess) addMissing(record, renamedSourceKey, raw);
    return true;
  }

  #isKeptBroken(record: LogRecord, source: RecordField, problem: string): boolean {
    const { keepsOnFailure, renamedSourceKey, copiesRawLog } = this.#options;
    this.report.failed(problem, source.value);
    removeField(record, source);
    if (!keepsOnFailure) return !record.fields.every(({ name }) => REMAINING_NAMES.includes(name));
    addMissing(record, renamedSourceKey, source.value);
    if (copiesRawLog) addMissing(record, RAW_LOG_NAME, source.value);
    return true;
  }
}

/** Replaces the first field of a name, or adds one. */
function setField(record: LogRecord, name: string, value: string): void {
  const field = tryField(record, name);
  if (field === undefined) record.fields.push({ name, value });
  else field.value = value;
}

function addMissing(record: LogRecord, name: string, value: string): void {
  if (tryField(record, name) === undefined) record.fields.push({ name, value });
}
