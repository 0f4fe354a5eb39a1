/**
 * What the original's native parsers share: fields of existing names are replaced, and what becomes of the source. A record whose
 * source cannot be parsed nor kept is dropped when nothing but its time, its stream and its tags is left. (The original keeps tags
 * beside the record, so that they do not count there.)
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/CommonParserOptions.cpp
 *
 * @module
 */
import type { ColumnField, Field } from "../core/batch.ts";
import { bool, text } from "../core/options.ts";
import { type LogRecord, type RecordField, tryField } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { isTagName, removeField, SourceField } from "./source_field.ts";

const RAW_LOG_NAME = "__raw_log__";
/** Fields that say where a record is from and not what it says: those of container output, and its tags. */
const ORIGIN_NAMES: ReadonlySet<string> = new Set([
  "_time_",
  "_source_",
  "_image_name_",
  "_container_name_",
  "_pod_name_",
  "_namespace_",
  "_pod_uid_",
  "_container_ip_",
]);

/** What is parsed, and what becomes of it. */
export interface NativeParserOptions {
  readonly sourceKey: string;
  readonly keepsOnFailure: boolean;
  readonly keepsOnSuccess: boolean;
  /** The name of a source that is kept. */
  readonly renamedSourceKey: string;
  /** Whether a source that is kept after a failure is also kept as `__raw_log__`. */
  readonly copiesRawLog: boolean;
  /** Whether a record is dropped after a failure even if something is left of it, as before version 2. */
  readonly dropsBroken: boolean;
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
    dropsBroken: false,
  };
}

/** A field's value, parsed: the fields in it, or a sentence that says what is wrong; undefined: blank, the record stays as it is. */
export type Parsed = readonly RecordField[] | string | undefined;

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
    return this.filtered(records, (record) => this.isKept(record));
  }

  /** Changes a record. @returns whether it goes on. */
  protected isKept(record: LogRecord): boolean {
    return this.guarded(() => this.#isKept(record), true);
  }

  /** Parses a value. */
  protected abstract parse(value: string): Parsed;

  #isKept(record: LogRecord): boolean {
    const source = this.#source.tryIn(record);
    if (source === undefined) return true;
    const raw = source.value;
    const parsed = this.parse(raw);
    if (parsed === undefined) this.report.failed("a value is blank", raw, false);
    if (parsed === undefined) return true;
    if (typeof parsed === "string") return this.#isKeptBroken(record, source, parsed);
    const { sourceKey, keepsOnSuccess, renamedSourceKey } = this.#options;
    for (const { name, value } of parsed) setField(record, name, value);
    if (!parsed.some(({ name }) => name === sourceKey)) removeField(record, source);
    if (keepsOnSuccess) addMissing(record, renamedSourceKey, raw);
    return true;
  }

  #isKeptBroken(record: LogRecord, source: RecordField, problem: string): boolean {
    const { keepsOnFailure, renamedSourceKey, copiesRawLog, dropsBroken } = this.#options;
    this.report.failed(problem, source.value);
    removeField(record, source);
    if (!keepsOnFailure) return !dropsBroken && !record.fields.every(({ name }) => isOrigin(name));
    addMissing(record, renamedSourceKey, source.value);
    if (copiesRawLog) addMissing(record, RAW_LOG_NAME, source.value);
    return true;
  }
}

function isOrigin(name: string): boolean {
  return ORIGIN_NAMES.has(name) || isTagName(name);
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

/** What becomes of the fields of records whose source was parsed, by their names: as a parser does it with texts. */
export function parsedFields(
  { sourceKey, keepsOnSuccess, renamedSourceKey }: NativeParserOptions,
  fields: readonly Field[],
  source: ColumnField,
  parsed: readonly Field[],
): Field[] {
  const made = [...fields];
  for (const field of parsed) {
    const index = made.findIndex(({ name }) => name === field.name);
    if (index < 0) made.push(field);
    else made[index] = field;
  }
  if (!parsed.some(({ name }) => name === sourceKey)) made.splice(fields.indexOf(source), 1);
  const isThere = made.some(({ name }) => name === renamedSourceKey);
  return keepsOnSuccess && !isThere ? [...made, { ...source, name: renamedSourceKey }] : made;
}
