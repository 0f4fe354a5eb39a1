/**
 * `processor_string_replace`: replaces in a field every occurrence of a text (`const`) or pattern (`regex`), or its escapes by what
 * they stand for (`unquote`).
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/stringreplace/processor_string_replace.go
 *
 * @module
 */
import * as z from "zod";
import { withoutEffect } from "../core/option_notes.ts";
import { choice, integer, text, whenGood } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { tryGoUnquote } from "./go_unquote.ts";
import { compile, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { replaceAllBy } from "./replacement_template.ts";

/** What is replaced by what. */
export interface ProcessorStringReplaceOptions {
  readonly sourceKey: string;
  /** `""`: in place. */
  readonly destKey: string;
  /** A text, a pattern with the flag `g`, or undefined: unquote. */
  readonly match: string | RegExp | undefined;
  readonly replacement: string;
}

/** The schema of `ProcessorStringReplaceOptions`. */
export const processorStringReplaceOptions = (): z.ZodType<ProcessorStringReplaceOptions> =>
  z.object({
    SourceKey: requiredText(),
    Method: choice(["const", "regex", "unquote"]),
    Match: text().default(""),
    ReplaceString: text().default(""),
    DestKey: text().default(""),
    RegexTimeoutMs: withoutEffect(integer()),
  }).superRefine((given, context) => {
    if (given.Method !== "const" || given.Match !== "") return;
    context.addIssue({ code: "custom", path: ["Match"], message: "must not be empty when Method is const" });
  }, whenGood("Method", "Match")).transform((given, context) => {
    const options = { sourceKey: given.SourceKey, destKey: given.DestKey, replacement: given.ReplaceString };
    if (given.Method === "unquote") return { ...options, match: undefined };
    if (given.Method === "const") return { ...options, match: given.Match };
    const regex = compile(given.Match, "g", context, ["Match"]);
    return regex === undefined ? z.NEVER : { ...options, match: regex };
  });

/** Replaces in every field of a name. With `destKey` each gives another field at the end. */
export class ProcessorStringReplace extends RecordChanger {
  readonly #options: ProcessorStringReplaceOptions;

  constructor(options: ProcessorStringReplaceOptions, context: ProcessorContext) {
    super("processor_string_replace", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { sourceKey, destKey } = this.#options;
    const sources = record.fields.filter(({ name }) => name === sourceKey);
    if (sources.length === 0) this.report.missing(sourceKey, false);
    for (const source of sources) {
      const value = this.#replaced(source.value);
      if (destKey === "") source.value = value;
      else record.fields.push({ name: destKey, value });
    }
  }

  #replaced(value: string): string {
    const { match, replacement } = this.#options;
    if (typeof match === "string") return value.replaceAll(match, () => replacement);
    return match === undefined ? this.#unquoted(value) : replaceAllBy(match, replacement, value);
  }

  /** A value that cannot be unquoted stays as it is. */
  #unquoted(value: string): string {
    const isQuoted = value.startsWith('"') && value.endsWith('"');
    const inside = isQuoted ? tryInside(value) : value.replaceAll('"', "\\x22");
    const text = inside === undefined ? undefined : tryGoUnquote(inside);
    if (text === undefined) this.report.failed("a value cannot be unquoted", value);
    return text ?? value;
  }
}

/** A single quote is not a pair of them. */
function tryInside(value: string): string | undefined {
  return value.length >= 2 ? value.slice(1, -1) : undefined;
}
