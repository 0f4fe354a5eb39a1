/**
 * `processor_split_log_regex`: cuts a field of many lines before each line that matches as a whole, and makes a record of each
 * piece. The first piece begins with the first line, whatever it is.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/logregex/split_log_regex.go
 *
 * @module
 */
import * as z from "zod";
import { pattern } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordSplitter, type RecordSplitterOptions, splitterShape } from "./record_splitter.ts";

/** Which line begins a record. */
export interface ProcessorSplitLogRegexOptions extends RecordSplitterOptions {
  readonly regex: RegExp;
}

/** The schema of `ProcessorSplitLogRegexOptions`. */
export const processorSplitLogRegexOptions = (): z.ZodType<ProcessorSplitLogRegexOptions> =>
  z.object({
    ...splitterShape(false),
    SplitRegex: pattern().prefault(".*"),
  }).transform((given) => ({
    splitKey: given.SplitKey,
    preserveOthers: given.PreserveOthers,
    noKeyError: given.NoKeyError,
    regex: given.SplitRegex,
  }));

/** Splits records at lines that begin one. */
export class ProcessorSplitLogRegex extends RecordSplitter {
  readonly #regex: RegExp;

  constructor(options: ProcessorSplitLogRegexOptions, context: ProcessorContext) {
    super("processor_split_log_regex", options, context);
    this.#regex = options.regex;
  }

  protected override pieces(value: string): readonly string[] {
    const pieces: string[] = [];
    let start = 0;
    for (let line = value.indexOf("\n") + 1; line > 0 && line < value.length; line = value.indexOf("\n", line) + 1) {
      if (!this.#begins(value, line)) continue;
      pieces.push(value.slice(start, line - 1));
      start = line;
    }
    if (start < value.length) pieces.push(value.slice(start));
    return pieces;
  }

  /** Whether the line at `start` matches as a whole. */
  #begins(value: string, start: number): boolean {
    const end = value.indexOf("\n", start);
    const line = value.slice(start, end < 0 ? undefined : end);
    return this.#regex.exec(line)?.[0].length === line.length;
  }
}
