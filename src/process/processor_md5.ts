/**
 * `processor_md5`: the MD5 sum of a field in a new field.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/md5/processor_md5.go
 *
 * @module
 */
import * as z from "zod";
import { bool } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { md5Text } from "./md5_text.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { SourceField } from "./source_field.ts";

/** Which field, and how its sum is called. */
export interface ProcessorMd5Options {
  readonly sourceKey: string;
  readonly destKey: string;
  readonly noKeyError: boolean;
}

/** The schema of `ProcessorMd5Options`. */
export const processorMd5Options = (): z.ZodType<ProcessorMd5Options> =>
  z.object({
    SourceKey: requiredText(),
    MD5Key: requiredText(),
    NoKeyError: bool().default(false),
  }).transform((given) => ({ sourceKey: given.SourceKey, destKey: given.MD5Key, noKeyError: given.NoKeyError }));

/** Adds sums, in lower-case hexadecimal. */
export class ProcessorMd5 extends RecordChanger {
  readonly #destKey: string;
  readonly #source: SourceField;

  constructor({ sourceKey, destKey, noKeyError }: ProcessorMd5Options, context: ProcessorContext) {
    super("processor_md5", context);
    this.#destKey = destKey;
    this.#source = new SourceField(sourceKey, this.report, noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source !== undefined) record.fields.push({ name: this.#destKey, value: md5Text(source.value) });
  }
}
