/**
 * `processor_parse_regex_native`: the groups of a regular expression that matches the whole value become fields. `.` matches
 * newlines, too; a group that took no part is an empty field.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorParseRegexNative.cpp
 *
 * @module
 */
import * as z from "zod";
import type { RowRun } from "../core/batch.ts";
import { type CompiledCaptures, tryCompileCaptures } from "../kernel/captures/compile_captures.ts";
import { CutColumns, type CutPlan } from "./cut_columns.ts";
import {
  NativeParser,
  type NativeParserOptions,
  nativeParserOptions,
  nativeParserShape,
  type Parsed,
  parsedFields,
} from "./native_parser.ts";
import { pattern, requiredList, wholeMatch } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";

/** What is matched, and how the groups are named. */
export interface ProcessorParseRegexNativeOptions extends NativeParserOptions {
  /** Matches whole values only. */
  readonly regex: RegExp;
  readonly names: readonly string[];
}

/** The schema of `ProcessorParseRegexNativeOptions`. */
export const processorParseRegexNativeOptions = (): z.ZodType<ProcessorParseRegexNativeOptions> =>
  z.object({
    ...nativeParserShape(),
    Regex: pattern("s"),
    Keys: requiredList("a list of field names"),
  }).transform((given) => ({
    ...nativeParserOptions(given),
    regex: wholeMatch(given.Regex),
    // One text with commas is a list, as in the original.
    names: given.Keys.length === 1 ? given.Keys[0].split(",") : given.Keys,
  }));

/** Compiles the expression for the kernel. @returns why not, for users. */
export function compileRegexNative({ regex, names }: ProcessorParseRegexNativeOptions): CompiledCaptures | string {
  const groups = new RegExp(`${regex.source}|`, regex.flags).exec("")!.length - 1;
  if (groups < names.length) return `Regex has ${groups} groups for ${names.length} Keys`;
  return tryCompileCaptures(regex, { groups: names.length });
}

/** Extracts groups. More groups than names are ignored. */
export class ProcessorParseRegexNative extends NativeParser {
  readonly #regex: RegExp;
  readonly #names: readonly string[];
  readonly #columns: CutColumns | undefined;

  /** @param name the `Type` by which the user knows it. */
  constructor(
    options: ProcessorParseRegexNativeOptions,
    context: ProcessorContext,
    name = "processor_parse_regex_native",
  ) {
    super(name, options, context);
    this.#regex = options.regex;
    this.#names = options.names;
    const plan = context.columns && tryPlan(options);
    this.#columns = CutColumns.tryMake(plan, context.columns, this.report, this.isKept.bind(this));
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override parse(value: string): Parsed {
    const match = this.#regex.exec(value);
    if (match === null) return "a value does not match Regex";
    if (match.length - 1 < this.#names.length) {
      return `Regex has ${match.length - 1} groups for ${this.#names.length} Keys`;
    }
    return this.#names.map((name, index) => ({ name, value: match[index + 1] ?? "" }));
  }
}

function tryPlan(options: ProcessorParseRegexNativeOptions): CutPlan | undefined {
  const captures = compileRegexNative(options);
  return typeof captures === "string" ? undefined : {
    sourceKey: options.sourceKey,
    noKeyError: false,
    rules: captures,
    outcome: (fields, source, pieces) => {
      const parsed = pieces.map((piece, index) => ({ ...piece, name: options.names[index] }));
      return { fields: parsedFields(options, fields, source, parsed) };
    },
  };
}
