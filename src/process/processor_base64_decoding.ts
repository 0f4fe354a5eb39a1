/**
 * `processor_base64_decoding`: what a field in Base64 stands for, in a new field.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/base64/decoding/processor_base64_decoding.go
 *
 * @module
 */
import { Buffer } from "node:buffer";
import * as z from "zod";
import { bool } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { SourceField } from "./source_field.ts";

/** Which field, and how the new one is called. */
export interface ProcessorBase64DecodingOptions {
  readonly sourceKey: string;
  readonly newKey: string;
  readonly noKeyError: boolean;
  readonly decodeError: boolean;
}

/** The schema of `ProcessorBase64DecodingOptions`. */
export const processorBase64DecodingOptions = (): z.ZodType<ProcessorBase64DecodingOptions> =>
  z.object({
    SourceKey: requiredText(),
    NewKey: requiredText(),
    NoKeyError: bool().default(false),
    DecodeError: bool().default(false),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    newKey: given.NewKey,
    noKeyError: given.NoKeyError,
    decodeError: given.DecodeError,
  }));

/** Decodes a field. A record whose field is not Base64 stays as it is; bytes that are no UTF-8 become U+FFFD. */
export class ProcessorBase64Decoding extends RecordChanger {
  readonly #options: ProcessorBase64DecodingOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorBase64DecodingOptions, context: ProcessorContext) {
    super("processor_base64_decoding", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const base64 = source.value.replace(/[\r\n]/g, "");
    const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
    if (!isBase64) return this.report.failed("a value is not Base64", source.value, this.#options.decodeError);
    record.fields.push({ name: this.#options.newKey, value: Buffer.from(base64, "base64").toString() });
  }
}
