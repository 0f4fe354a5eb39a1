/**
 * Every processor, in one array, with how it is made from its options. A part of `plugins.ts`, which is what others use. Those that
 * the original has in Go are here.
 *
 * @module
 */
import { nativeProcessors } from "./native_processor_plugins.ts";
import { tryFilterProblem } from "./process/filter_columns.ts";
import { tryJsonProblem } from "./process/json_columns.ts";
import { ProcessorAddFields, processorAddFieldsOptions } from "./process/processor_add_fields.ts";
import { ProcessorAnchor, processorAnchorOptions } from "./process/processor_anchor.ts";
import { ProcessorAppender, processorAppenderOptions } from "./process/processor_appender.ts";
import { ProcessorBase64Decoding, processorBase64DecodingOptions } from "./process/processor_base64_decoding.ts";
import { ProcessorBase64Encoding, processorBase64EncodingOptions } from "./process/processor_base64_encoding.ts";
import { ProcessorCsv, processorCsvOptions } from "./process/processor_csv.ts";
import { ProcessorDefault, processorDefaultOptions } from "./process/processor_default.ts";
import { ProcessorDesensitize, processorDesensitizeOptions } from "./process/processor_desensitize.ts";
import {
  ProcessorDictMap,
  processorDictMapOptions,
  processorDictMapOptionsFrom,
} from "./process/processor_dict_map.ts";
import { ProcessorDrop, processorDropOptions } from "./process/processor_drop.ts";
import { ProcessorDropLastKey, processorDropLastKeyOptions } from "./process/processor_drop_last_key.ts";
import {
  ProcessorFieldsWithCondition,
  processorFieldsWithConditionOptions,
} from "./process/processor_fields_with_condition.ts";
import { ProcessorFilterKeyRegex, processorFilterKeyRegexOptions } from "./process/processor_filter_key_regex.ts";
import { ProcessorFilterRegex, processorFilterRegexOptions } from "./process/processor_filter_regex.ts";
import { ProcessorGotime, processorGotimeOptions } from "./process/processor_gotime.ts";
import { ProcessorGrok, processorGrokOptions, processorGrokOptionsFrom } from "./process/processor_grok.ts";
import { ProcessorJson, processorJsonOptions } from "./process/processor_json.ts";
import { ProcessorMd5, processorMd5Options } from "./process/processor_md5.ts";
import { ProcessorPackjson, processorPackjsonOptions } from "./process/processor_packjson.ts";
import { ProcessorPickKey, processorPickKeyOptions } from "./process/processor_pick_key.ts";
import { ProcessorRateLimit, processorRateLimitOptions } from "./process/processor_rate_limit.ts";
import { ProcessorRegex, type ProcessorRegexOptions, processorRegexOptions } from "./process/processor_regex.ts";
import { compileRegexColumns } from "./process/regex_columns.ts";
import { ProcessorRename, processorRenameOptions } from "./process/processor_rename.ts";
import { ProcessorSplitChar, processorSplitCharOptions, trySplitCharProblem } from "./process/processor_split_char.ts";
import {
  ProcessorSplitKeyValue,
  processorSplitKeyValueOptions,
  tryKeyValueProblem,
} from "./process/processor_split_key_value.ts";
import { ProcessorSplitLogRegex, processorSplitLogRegexOptions } from "./process/processor_split_log_regex.ts";
import { ProcessorSplitLogString, processorSplitLogStringOptions } from "./process/processor_split_log_string.ts";
import {
  ProcessorSplitString,
  processorSplitStringOptions,
  trySplitStringProblem,
} from "./process/processor_split_string.ts";
import { ProcessorStringReplace, processorStringReplaceOptions } from "./process/processor_string_replace.ts";
import { ProcessorStrptime, processorStrptimeOptions } from "./process/processor_strptime.ts";
import { ON_NAMES, processor, type ProcessorPlugin } from "./processor_plugin.ts";

/** All processors. */
export const processors: readonly ProcessorPlugin[] = [
  processor(
    "processor_json",
    "The JSON object in a field becomes fields of its own.",
    processorJsonOptions,
    (options, context) => new ProcessorJson(options, context),
    { fastPath: tryJsonProblem },
  ),
  processor(
    "processor_regex",
    "The groups of a regular expression become fields.",
    processorRegexOptions,
    (options, context) => new ProcessorRegex(options, context),
    { fastPath: regexFastPath },
  ),
  processor(
    "processor_anchor",
    "What stands between a start and a stop becomes a field.",
    processorAnchorOptions,
    (options, context) => new ProcessorAnchor(options, context),
  ),
  processor(
    "processor_drop",
    "Takes fields out.",
    processorDropOptions,
    (options, context) => new ProcessorDrop(options, context),
    ON_NAMES,
  ),
  processor(
    "processor_drop_last_key",
    "Takes a field out of records that have any of some others.",
    processorDropLastKeyOptions,
    (options, context) => new ProcessorDropLastKey(options, context),
  ),
  processor(
    "processor_rename",
    "Gives fields other names.",
    processorRenameOptions,
    (options, context) => new ProcessorRename(options, context),
    ON_NAMES,
  ),
  processor(
    "processor_add_fields",
    "Adds fields with fixed values.",
    processorAddFieldsOptions,
    (options, context) => new ProcessorAddFields(options, context),
    ON_NAMES,
  ),
  processor(
    "processor_fields_with_condition",
    "Adds or takes out fields of records that meet a condition.",
    processorFieldsWithConditionOptions,
    (options, context) => new ProcessorFieldsWithCondition(options, context),
  ),
  processor(
    "processor_filter_regex",
    "Keeps the records whose fields match patterns.",
    processorFilterRegexOptions,
    (options, context) => new ProcessorFilterRegex(options, context),
    { fastPath: tryFilterProblem },
  ),
  processor(
    "processor_filter_key_regex",
    "Keeps the records whose fields' names match patterns.",
    processorFilterKeyRegexOptions,
    (options, context) => new ProcessorFilterKeyRegex(options, context),
    ON_NAMES,
  ),
  processor(
    "processor_pick_key",
    "Keeps only some fields.",
    processorPickKeyOptions,
    (options, context) => new ProcessorPickKey(options, context),
    ON_NAMES,
  ),
  processor(
    "processor_appender",
    "Appends a text to a field.",
    processorAppenderOptions,
    (options, context) => new ProcessorAppender(options, context),
  ),
  processor(
    "processor_split_log_string",
    "Cuts a field at a separator and makes a record of each piece.",
    processorSplitLogStringOptions,
    (options, context) => new ProcessorSplitLogString(options, context),
  ),
  processor(
    "processor_split_log_regex",
    "Cuts a field before each line that matches and makes a record of each piece.",
    processorSplitLogRegexOptions,
    (options, context) => new ProcessorSplitLogRegex(options, context),
  ),
  processor(
    "processor_split_string",
    "Cuts a field at a separator into several fields.",
    processorSplitStringOptions,
    (options, context) => new ProcessorSplitString(options, context),
    { fastPath: trySplitStringProblem },
  ),
  processor(
    "processor_split_char",
    "Cuts a field at a character into several fields, with quotes.",
    processorSplitCharOptions,
    (options, context) => new ProcessorSplitChar(options, context),
    { fastPath: trySplitCharProblem },
  ),
  processor(
    "processor_split_key_value",
    "Cuts pairs of names and values into fields.",
    processorSplitKeyValueOptions,
    (options, context) => new ProcessorSplitKeyValue(options, context),
    { fastPath: tryKeyValueProblem },
  ),
  processor(
    "processor_csv",
    "Cuts a line of CSV into fields.",
    processorCsvOptions,
    (options, context) => new ProcessorCsv(options, context),
  ),
  processor(
    "processor_strptime",
    "Takes the record's time from a field, after a format of C's strptime.",
    processorStrptimeOptions,
    (options, context) => new ProcessorStrptime(options, context),
  ),
  processor(
    "processor_gotime",
    "Rewrites a time from one Go layout to another and takes it as the record's time.",
    processorGotimeOptions,
    (options, context) => new ProcessorGotime(options, context),
  ),
  processor(
    "processor_grok",
    "The named parts of a grok expression become fields.",
    processorGrokOptions,
    (options, context) => new ProcessorGrok(options, context),
    { optionsFrom: processorGrokOptionsFrom },
  ),
  processor(
    "processor_desensitize",
    "Replaces secrets by a fixed text or their MD5 sum.",
    processorDesensitizeOptions,
    (options, context) => new ProcessorDesensitize(options, context),
  ),
  processor(
    "processor_string_replace",
    "Replaces texts, patterns or escapes in a field.",
    processorStringReplaceOptions,
    (options, context) => new ProcessorStringReplace(options, context),
  ),
  processor(
    "processor_rate_limit",
    "Lets only so many records of each kind pass in a time.",
    processorRateLimitOptions,
    (options, context) => new ProcessorRateLimit(options, context),
    { needsAllRecords: () => true },
  ),
  processor(
    "processor_dict_map",
    "Translates a field by a dictionary.",
    processorDictMapOptions,
    (options, context) => new ProcessorDictMap(options, context),
    { optionsFrom: processorDictMapOptionsFrom },
  ),
  processor(
    "processor_packjson",
    "Packs several fields into one JSON object.",
    processorPackjsonOptions,
    (options, context) => new ProcessorPackjson(options, context),
  ),
  processor(
    "processor_base64_encoding",
    "Encodes a field in Base64.",
    processorBase64EncodingOptions,
    (options, context) => new ProcessorBase64Encoding(options, context),
  ),
  processor(
    "processor_base64_decoding",
    "Decodes a field from Base64.",
    processorBase64DecodingOptions,
    (options, context) => new ProcessorBase64Decoding(options, context),
  ),
  processor(
    "processor_md5",
    "Adds the MD5 sum of a field.",
    processorMd5Options,
    (options, context) => new ProcessorMd5(options, context),
  ),
  processor(
    "processor_default",
    "Leaves records as they are.",
    processorDefaultOptions,
    (options, context) => new ProcessorDefault(options, context),
  ),
  ...nativeProcessors,
];

function regexFastPath(options: ProcessorRegexOptions): string | undefined {
  const compiled = compileRegexColumns(options);
  return typeof compiled === "string" ? compiled : undefined;
}
