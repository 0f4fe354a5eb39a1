/**
 * `processor_grok`: the named parts of the first grok expression that matches become fields.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/grok/processor_grok.go
 *
 * @module
 */
import * as z from "zod";
import { withoutEffect } from "../core/option_notes.ts";
import { bool, integer, text, textList, textMap } from "../core/options.ts";
import type { LogRecord, RecordField } from "../core/record.ts";
import { RegexError } from "../core/regex.ts";
import { GrokError, GrokExpression } from "./grok_expression.ts";
import { readGrokPatterns } from "./grok_pattern_files.ts";
import { GROK_PATTERNS } from "./grok_patterns.ts";
import { NO_FILES, type OptionFiles } from "./option_files.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField } from "./source_field.ts";

/** What is matched, and when the field stays. */
export interface ProcessorGrokOptions {
  /** `""`: every field. */
  readonly sourceKey: string;
  readonly expressions: readonly GrokExpression[];
  readonly ignoreParseFailure: boolean;
  readonly keepSource: boolean;
  readonly noKeyError: boolean;
  readonly noMatchError: boolean;
}

/** The schema of `ProcessorGrokOptions`, with pattern files out of `files`. */
export function processorGrokOptionsFrom(files: OptionFiles): z.ZodType<ProcessorGrokOptions> {
  return grokShape().transform((given, context) => {
    const patterns = new Map([
      ...Object.entries(GROK_PATTERNS),
      ...readGrokPatterns(given.CustomPatternDir, files, context),
      ...Object.entries(given.CustomPatterns),
    ]);
    return {
      sourceKey: given.SourceKey,
      expressions: given.Match.map((one, index) => tryExpression(one, patterns, index, context) ?? z.NEVER),
      ignoreParseFailure: given.IgnoreParseFailure,
      keepSource: given.KeepSource,
      noKeyError: given.NoKeyError,
      noMatchError: given.NoMatchError,
    };
  });
}

const grokShape = () =>
  z.object({
    SourceKey: text().default("content"),
    Match: textList("a list of grok expressions").default([]),
    CustomPatterns: textMap().default({}),
    CustomPatternDir: textList("a list of directories").default([]),
    // V8 cannot be stopped within a match.
    TimeoutMilliSeconds: withoutEffect(integer()),
    TimeoutError: withoutEffect(bool()),
    IgnoreParseFailure: bool().default(true),
    KeepSource: bool().default(true),
    NoKeyError: bool().default(false),
    NoMatchError: bool().default(true),
  });

/** The schema of `ProcessorGrokOptions`, without pattern files. */
export const processorGrokOptions = (): z.ZodType<ProcessorGrokOptions> => processorGrokOptionsFrom(NO_FILES);

/** @returns undefined when it is not usable: `context` then has the problem. */
function tryExpression(
  expression: string,
  patterns: ReadonlyMap<string, string>,
  index: number,
  context: z.RefinementCtx,
): GrokExpression | undefined {
  try {
    return new GrokExpression(expression, patterns);
  } catch (error) {
    if (!(error instanceof GrokError) && !(error instanceof RegexError)) throw error;
    const problem = error instanceof RegexError ? error.problem : error.message;
    context.addIssue({ code: "custom", path: ["Match", index], message: `not a usable grok expression: ${problem}` });
    return undefined;
  }
}

/** Extracts named parts. New fields come last; an empty part gives none. */
export class ProcessorGrok extends RecordChanger {
  readonly #options: ProcessorGrokOptions;

  constructor(options: ProcessorGrokOptions, context: ProcessorContext) {
    super("processor_grok", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { sourceKey, noKeyError } = this.#options;
    const sources = record.fields.filter(({ name }) => sourceKey === "" || name === sourceKey);
    if (sources.length === 0) this.report.missing(sourceKey, noKeyError);
    for (const source of sources) this.#extract(record, source);
  }

  #extract(record: LogRecord, source: RecordField): void {
    const { keepSource, ignoreParseFailure, noMatchError } = this.#options;
    const fields = this.#fieldsOf(source.value);
    if (fields.length === 0) this.report.failed("a value matches no expression of Match", source.value, noMatchError);
    if (fields.length === 0 ? !ignoreParseFailure : !keepSource) removeField(record, source);
    for (const field of fields) record.fields.push(field);
  }

  #fieldsOf(value: string): readonly RecordField[] {
    for (const expression of this.#options.expressions) {
      const fields = expression.fields(value);
      if (fields.length > 0) return fields;
    }
    return [];
  }
}
