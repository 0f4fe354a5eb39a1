/**
 * `processor_delimiter_accelerate`, as `processor_parse_delimiter_native` was called before version 2, with what follows it. A
 * separator or quote that cannot be seen may be written as `0x01`.
 * Source: https://github.com/alibaba/ilogtail/blob/1.8/docs/cn/data-pipeline/accelerator/delimiter-accelerate.md
 *
 * @module
 */
import * as z from "zod";
import { bool, text } from "../core/options.ts";
import {
  type AcceleratedOptions,
  acceleratedOptions,
  AcceleratedParser,
  acceleratedParserOptions,
  acceleratedShape,
  checkFilter,
  FILTER_GOOD,
} from "./accelerated_parser.ts";
import { requiredList, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import {
  ProcessorParseDelimiterNative,
  type ProcessorParseDelimiterNativeOptions,
} from "./processor_parse_delimiter_native.ts";

/** Where values are cut, and what follows. */
export interface ProcessorDelimiterAccelerateOptions extends AcceleratedOptions {
  readonly parser: ProcessorParseDelimiterNativeOptions;
}

/** The schema of `ProcessorDelimiterAccelerateOptions`. */
export const processorDelimiterAccelerateOptions = (): z.ZodType<ProcessorDelimiterAccelerateOptions> =>
  z.object({
    ...acceleratedShape(),
    Separator: requiredText().transform(visible),
    Quote: text().default('"').transform(visible).refine((given) => given.length <= 1, "must be one character"),
    ColumnKeys: requiredList("a list of field names"),
    AcceptNoEnoughKeys: bool().default(false),
  }).superRefine(checkFilter, FILTER_GOOD).transform((given) => ({
    ...acceleratedOptions(given, given.TimeKey),
    parser: {
      ...acceleratedParserOptions(given),
      separator: given.Separator,
      quote: given.Separator.length === 1 ? given.Quote || '"' : "",
      names: given.ColumnKeys,
      allowsFewer: given.AcceptNoEnoughKeys,
      surplus: "extend" as const,
    },
  }));

/** `0x09` and `\t` → the character. */
function visible(given: string): string {
  if (given === "\\t") return "\t";
  return /^0x[0-9A-Fa-f]{2}$/.test(given) ? String.fromCharCode(parseInt(given, 16)) : given;
}

/** Splits values into columns. */
export class ProcessorDelimiterAccelerate extends AcceleratedParser {
  constructor(options: ProcessorDelimiterAccelerateOptions, context: ProcessorContext) {
    const parser = new ProcessorParseDelimiterNative(options.parser, context, "processor_delimiter_accelerate");
    super(parser, options, context);
  }
}
