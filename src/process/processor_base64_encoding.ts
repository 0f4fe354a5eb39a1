/**
 * `processor_base64_encoding`: a field in Base64, in place or as a new field.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/base64/encoding/processor_base64_encoding.go
 *
 * @module
 */
import { Buffer } from "node:buffer";
import * as z from "zod";
import { bool, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { SourceField } from "./source_field.ts";

/** Which field, and how the new one is called. */
export interface ProcessorBase64EncodingOptions {
  readonly sourceKey: string;
  /** `""`: in place. */
  readonly newKey: string;
  readonly noKeyError: boolean;
}

/** The schema of `ProcessorBase64EncodingOptions`. */
export const processorBase64EncodingOptions = (): z.ZodType<ProcessorBase64EncodingOptions> =>
  z.object({
    SourceKey: requiredText(),
    NewKey: text().default(""),
    NoKeyError: bool().default(false),
  }).transform((given) => ({ sourceKey: given.SourceKey, newKey: given.NewKey, noKeyError: given.NoKeyError }));

/** Encodes the UTF-8 bytes of a field. */
export class ProcessorBase64Encoding extends RecordChanger {
  readonly #newKey: string;
  readonly #source: SourceField;

  constructor({ sourceKey, newKey, noKeyError }: ProcessorBase64EncodingOptions, context: ProcessorContext) {
    super("processor_base64_encoding", context);
    this.#newKey = newKey;
    this.#source = new SourceField(sourceKey, this.report, noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const value = Buffer.from(source.value).toString("base64");
    if (this.#newKey === "") source.value = value;
    else record.fields.push({ name: this.#newKey, value });
  }
}
