/**
 * `processor_regex_accelerate`, as `processor_parse_regex_native` was called before version 2, with what follows it. The field with
 * the time is called `time`.
 * Source: https://github.com/alibaba/ilogtail/blob/1.8/docs/cn/data-pipeline/accelerator/regex-accelerate.md
 *
 * @module
 */
import * as z from "zod";
import {
  type AcceleratedOptions,
  acceleratedOptions,
  AcceleratedParser,
  acceleratedParserOptions,
  acceleratedShape,
  checkFilter,
  FILTER_GOOD,
} from "./accelerated_parser.ts";
import { pattern, requiredList, wholeMatch } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ProcessorParseRegexNative, type ProcessorParseRegexNativeOptions } from "./processor_parse_regex_native.ts";

const TIME_NAME = "time";

/** What is matched, and what follows. */
export interface ProcessorRegexAccelerateOptions extends AcceleratedOptions {
  readonly parser: ProcessorParseRegexNativeOptions;
}

/** The schema of `ProcessorRegexAccelerateOptions`. Without a pattern the whole line is `content`. */
export const processorRegexAccelerateOptions = (): z.ZodType<ProcessorRegexAccelerateOptions> =>
  z.object({
    ...acceleratedShape(),
    Regex: pattern("s").prefault("(.*)"),
    Keys: requiredList("a list of field names").prefault(["content"]),
  }).superRefine(checkFilter, FILTER_GOOD).transform((given) => ({
    ...acceleratedOptions(given, given.TimeKey || TIME_NAME),
    parser: {
      ...acceleratedParserOptions(given),
      regex: wholeMatch(given.Regex),
      // The original joins the names with commas and cuts them apart again.
      names: given.Keys.flatMap((name) => name.split(",")),
    },
  }));

/** Extracts groups of a match of the whole value. */
export class ProcessorRegexAccelerate extends AcceleratedParser {
  constructor(options: ProcessorRegexAccelerateOptions, context: ProcessorContext) {
    super(new ProcessorParseRegexNative(options.parser, context, "processor_regex_accelerate"), options, context);
  }
}
