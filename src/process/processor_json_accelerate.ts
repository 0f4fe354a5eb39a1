/**
 * `processor_json_accelerate`, as `processor_parse_json_native` was called before version 2, with what follows it.
 * Source: https://github.com/alibaba/ilogtail/blob/1.8/docs/cn/data-pipeline/accelerator/json-accelerate.md
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
import type { NativeParserOptions } from "./native_parser.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ProcessorParseJsonNative } from "./processor_parse_json_native.ts";

/** What is parsed, and what follows. */
export interface ProcessorJsonAccelerateOptions extends AcceleratedOptions {
  readonly parser: NativeParserOptions;
}

/** The schema of `ProcessorJsonAccelerateOptions`. */
export const processorJsonAccelerateOptions = (): z.ZodType<ProcessorJsonAccelerateOptions> =>
  z.object(acceleratedShape())
    .superRefine(checkFilter, FILTER_GOOD)
    .transform((given) => ({
      ...acceleratedOptions(given, given.TimeKey),
      parser: acceleratedParserOptions(given),
    }));

/** Expands the first level of JSON objects. */
export class ProcessorJsonAccelerate extends AcceleratedParser {
  constructor(options: ProcessorJsonAccelerateOptions, context: ProcessorContext) {
    super(new ProcessorParseJsonNative(options.parser, context, "processor_json_accelerate"), options, context);
  }
}
