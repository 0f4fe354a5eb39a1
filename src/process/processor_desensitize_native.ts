/**
 * `processor_desensitize_native`: replaces what matches one pattern right behind a match of another, by a fixed text or its MD5 sum.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorDesensitizeNative.cpp
 *
 * @module
 */
import * as z from "zod";
import { bool, choice, text, whenGood } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { md5Text } from "./md5_text.ts";
import { compile, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";

/** Where secrets are, and what stands in their place. */
export interface ProcessorDesensitizeNativeOptions {
  readonly sourceKey: string;
  /** Its first group is what stands before a secret. Has the flag `g` where all are replaced. */
  readonly regex: RegExp;
  /** With RE2's `\1` for groups; undefined: the MD5 sum. */
  readonly replacement: string | undefined;
}

/** The schema of `ProcessorDesensitizeNativeOptions`. */
export const processorDesensitizeNativeOptions = (): z.ZodType<ProcessorDesensitizeNativeOptions> =>
  z.object({
    SourceKey: requiredText(),
    Method: choice(["const", "md5"]),
    ReplacingString: text().default(""),
    ContentPatternBeforeReplacedString: requiredText(),
    ReplacedContentPattern: requiredText(),
    ReplacingAll: bool().default(true),
  }).superRefine(({ Method, ReplacingString }, context) => {
    if (Method !== "const" || ReplacingString !== "") return;
    context.addIssue({ code: "custom", path: ["ReplacingString"], message: "must not be empty when Method is const" });
  }, whenGood("Method", "ReplacingString")).transform((given, context) => {
    const pattern = `(${given.ContentPatternBeforeReplacedString})${given.ReplacedContentPattern}`;
    const regex = compile(pattern, given.ReplacingAll ? "g" : "", context, ["ReplacedContentPattern"]);
    if (regex === undefined) return z.NEVER;
    const replacement = given.Method === "const" ? given.ReplacingString : undefined;
    return { sourceKey: given.SourceKey, regex, replacement };
  });

/** Masks every field of a name. */
export class ProcessorDesensitizeNative extends RecordChanger {
  readonly #options: ProcessorDesensitizeNativeOptions;

  constructor(options: ProcessorDesensitizeNativeOptions, context: ProcessorContext) {
    super("processor_desensitize_native", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { sourceKey } = this.#options;
    const sources = record.fields.filter(({ name }) => name === sourceKey);
    if (sources.length === 0) this.report.missing(sourceKey, false);
    for (const source of sources) source.value = this.#masked(source.value);
  }

  #masked(value: string): string {
    const { regex, replacement } = this.#options;
    return value.replace(regex, (match: string, before: string, ...others: unknown[]) => {
      if (replacement === undefined) return before + md5Text(match.slice(before.length));
      // Behind the groups come the match's place and more.
      const groups = others.slice(0, others.findIndex((one) => typeof one === "number"));
      return before + filledIn(replacement, [match, before, ...groups]);
    });
  }
}

/** Puts groups in the place of `\0` to `\9`. */
function filledIn(template: string, groups: readonly unknown[]): string {
  return template.replace(/\\([\d\\])/g, (_written, sign: string) => {
    if (sign === "\\") return sign;
    const group = groups[Number(sign)];
    return typeof group === "string" ? group : "";
  });
}
