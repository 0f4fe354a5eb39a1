/**
 * The processors that the original has in C++, in one array: those of version 2, and what they were called before. A part of
 * `processor_plugins.ts`, which is what others use.
 *
 * @module
 */
import {
  ProcessorDelimiterAccelerate,
  processorDelimiterAccelerateOptions,
} from "./process/processor_delimiter_accelerate.ts";
import {
  ProcessorDesensitizeNative,
  processorDesensitizeNativeOptions,
} from "./process/processor_desensitize_native.ts";
import {
  ProcessorFilterRegexNative,
  processorFilterRegexNativeOptions,
  tryFilterNativeProblem,
} from "./process/processor_filter_regex_native.ts";
import { ProcessorJsonAccelerate, processorJsonAccelerateOptions } from "./process/processor_json_accelerate.ts";
import {
  ProcessorParseDelimiterNative,
  processorParseDelimiterNativeOptions,
  tryDelimiterProblem,
} from "./process/processor_parse_delimiter_native.ts";
import { ProcessorParseJsonNative, processorParseJsonNativeOptions } from "./process/processor_parse_json_native.ts";
import {
  compileRegexNative,
  ProcessorParseRegexNative,
  processorParseRegexNativeOptions,
} from "./process/processor_parse_regex_native.ts";
import {
  ProcessorParseTimestampNative,
  processorParseTimestampNativeOptions,
} from "./process/processor_parse_timestamp_native.ts";
import { ProcessorRegexAccelerate, processorRegexAccelerateOptions } from "./process/processor_regex_accelerate.ts";
import {
  ProcessorTimestampFilterNative,
  processorTimestampFilterNativeOptions,
} from "./process/processor_timestamp_filter_native.ts";
import { ON_VALUES, processor, type ProcessorPlugin } from "./processor_plugin.ts";

/** All native processors. */
export const nativeProcessors: readonly ProcessorPlugin[] = [
  processor(
    "processor_parse_regex_native",
    "The groups of an expression that matches the whole value become fields.",
    processorParseRegexNativeOptions,
    (options, context) => new ProcessorParseRegexNative(options, context),
    {
      fastPath: (options) => {
        const compiled = compileRegexNative(options);
        return typeof compiled === "string" ? compiled : undefined;
      },
    },
  ),
  processor(
    "processor_parse_json_native",
    "The members of a JSON object become fields, one level deep.",
    processorParseJsonNativeOptions,
    (options, context) => new ProcessorParseJsonNative(options, context),
    ON_VALUES,
  ),
  processor(
    "processor_parse_delimiter_native",
    "Cuts a value into columns and names them.",
    processorParseDelimiterNativeOptions,
    (options, context) => new ProcessorParseDelimiterNative(options, context),
    { fastPath: tryDelimiterProblem },
  ),
  processor(
    "processor_parse_timestamp_native",
    "Takes the record's time from a field; drops what is more than 12 hours old.",
    processorParseTimestampNativeOptions,
    (options, context) => new ProcessorParseTimestampNative(options, context),
  ),
  processor(
    "processor_filter_regex_native",
    "Keeps the records whose fields match as a whole.",
    processorFilterRegexNativeOptions,
    (options, context) => new ProcessorFilterRegexNative(options, context),
    { fastPath: tryFilterNativeProblem },
  ),
  processor(
    "processor_timestamp_filter_native",
    "Keeps the records whose time lies between two bounds.",
    processorTimestampFilterNativeOptions,
    (options, context) => new ProcessorTimestampFilterNative(options, context),
  ),
  processor(
    "processor_desensitize_native",
    "Replaces what follows a pattern by a fixed text or its MD5 sum.",
    processorDesensitizeNativeOptions,
    (options, context) => new ProcessorDesensitizeNative(options, context),
  ),
  processor(
    "processor_regex_accelerate",
    "`processor_parse_regex_native` by its options of before version 2.",
    processorRegexAccelerateOptions,
    (options, context) => new ProcessorRegexAccelerate(options, context),
  ),
  processor(
    "processor_json_accelerate",
    "`processor_parse_json_native` by its options of before version 2.",
    processorJsonAccelerateOptions,
    (options, context) => new ProcessorJsonAccelerate(options, context),
  ),
  processor(
    "processor_delimiter_accelerate",
    "`processor_parse_delimiter_native` by its options of before version 2.",
    processorDelimiterAccelerateOptions,
    (options, context) => new ProcessorDelimiterAccelerate(options, context),
  ),
];
