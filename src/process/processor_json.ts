/**
 * `processor_json`: the JSON object in a field becomes fields of its own. With the defaults `{"a":1}` gives a field `_a`: the
 * connector stands before the first level, too. Differs on purpose: text behind the object, and a fault inside a nested object,
 * count as broken JSON, so that `KeepSourceIfParseError` loses nothing.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/json/processor_json.go
 *
 * @module
 */
import * as z from "zod";
import { bool, integer, text } from "../core/options.ts";
import type { RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import { JsonColumns } from "./json_columns.ts";
import { JsonExpansion, type JsonExpansionOptions } from "./json_expansion.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";

/** Which field is parsed, how the new ones are named, and when it stays. */
export interface ProcessorJsonOptions {
  readonly sourceKey: string;
  readonly noKeyError: boolean;
  readonly keepSource: boolean;
  readonly keepSourceIfParseError: boolean;
  readonly expansion: JsonExpansionOptions;
}

/** The schema of `ProcessorJsonOptions`. */
export const processorJsonOptions = (): z.ZodType<ProcessorJsonOptions> =>
  z.object({
    SourceKey: requiredText(),
    NoKeyError: bool().default(true),
    ExpandDepth: integer().default(0),
    ExpandConnector: text().default("_"),
    Prefix: text().default(""),
    UseSourceKeyAsPrefix: bool().default(false),
    IgnoreFirstConnector: bool().default(false),
    KeepSource: bool().default(true),
    KeepSourceIfParseError: bool().default(true),
    ExpandArray: bool().default(false),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    noKeyError: given.NoKeyError,
    keepSource: given.KeepSource,
    keepSourceIfParseError: given.KeepSourceIfParseError,
    expansion: {
      prefix: given.Prefix,
      root: given.UseSourceKeyAsPrefix ? given.SourceKey : "",
      connector: given.ExpandConnector,
      ignoreFirstConnector: given.IgnoreFirstConnector,
      depthMax: given.ExpandDepth,
      expandArray: given.ExpandArray,
      keepsEscapes: false,
    },
  }));

/** Expands JSON. New fields come last, in the order of the text; one of an existing name is another one beside it. */
export class ProcessorJson extends RecordChanger {
  readonly #options: ProcessorJsonOptions;
  readonly #source: SourceField;
  readonly #columns: JsonColumns | undefined;

  constructor(options: ProcessorJsonOptions, context: ProcessorContext) {
    super("processor_json", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
    this.#columns = JsonColumns.tryMake(options, context.columns, this.report);
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { expansion, keepSource, keepSourceIfParseError } = this.#options;
    const isWhole = new JsonExpansion(source.value, expansion, record.fields).run();
    if (!isWhole) this.report.failed("a value is not a JSON object, or broken", source.value);
    if (!keepSource && !(keepSourceIfParseError && !isWhole)) removeField(record, source);
  }
}
