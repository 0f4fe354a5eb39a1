/**
 * `processor_split_log_string`: cuts a field at a separator and makes a record of each piece that is not empty.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/logstring/split_log_string.go
 *
 * @module
 */
import * as z from "zod";
import { text } from "../core/options.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordSplitter, type RecordSplitterOptions, splitterShape } from "./record_splitter.ts";

/** Where a field is cut. */
export interface ProcessorSplitLogStringOptions extends RecordSplitterOptions {
  readonly separator: string;
}

/** The schema of `ProcessorSplitLogStringOptions`. */
export const processorSplitLogStringOptions = (): z.ZodType<ProcessorSplitLogStringOptions> =>
  z.object({
    ...splitterShape(true),
    // An empty separator is NUL, as in the original.
    SplitSep: text().default("\n").transform((given) => given === "" ? "\0" : given),
  }).transform((given) => ({
    splitKey: given.SplitKey,
    preserveOthers: given.PreserveOthers,
    noKeyError: given.NoKeyError,
    separator: given.SplitSep,
  }));

/** Splits records at a separator. */
export class ProcessorSplitLogString extends RecordSplitter {
  readonly #separator: string;

  constructor(options: ProcessorSplitLogStringOptions, context: ProcessorContext) {
    super("processor_split_log_string", options, context);
    this.#separator = options.separator;
  }

  protected override pieces(value: string): readonly string[] {
    return value.split(this.#separator).filter((piece) => piece !== "");
  }
}
