/**
 * `processor_default`: leaves everything as it is.
 * Source: https://github.com/alibaba/loongcollector/blob/main/docs/cn/plugins/processor/extended/processor-default.md
 *
 * @module
 */
import * as z from "zod";
import type { LogRecord } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** There is nothing to choose. */
export type ProcessorDefaultOptions = Readonly<Record<string, never>>;

/** The schema of `ProcessorDefaultOptions`. */
export const processorDefaultOptions = (): z.ZodType<ProcessorDefaultOptions> => z.object({});

/** Hands records on. */
export class ProcessorDefault extends ReportingProcessor {
  constructor(_options: ProcessorDefaultOptions, context: ProcessorContext) {
    super("processor_default", context);
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return records;
  }
}
