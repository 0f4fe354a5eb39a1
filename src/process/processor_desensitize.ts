/**
 * `processor_desensitize`: replaces a secret by a fixed text or its MD5 sum: a whole field, or each part that matches
 * `RegexContent` behind a match of `RegexBegin`. Differs on purpose: what is between the two matches stays as it is.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/desensitize/processor_desensitize.go
 *
 * @module
 */
import * as z from "zod";
import { withoutEffect } from "../core/option_notes.ts";
import { choice, integer, text, whenGood } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { md5Text } from "./md5_text.ts";
import { compile, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { SourceField } from "./source_field.ts";

/** Where secrets are, and what stands in their place. */
export interface ProcessorDesensitizeOptions {
  readonly sourceKey: string;
  /** undefined: the MD5 sum. */
  readonly replacement: string | undefined;
  /** undefined: the whole value. Both patterns have the flag `g`. */
  readonly part: { readonly begin: RegExp; readonly content: RegExp } | undefined;
}

/** The schema of `ProcessorDesensitizeOptions`. */
export const processorDesensitizeOptions = (): z.ZodType<ProcessorDesensitizeOptions> =>
  z.object({
    SourceKey: requiredText(),
    Method: choice(["const", "md5"]).default("const"),
    Match: choice(["full", "regex"]).default("full"),
    ReplaceString: text().default(""),
    RegexBegin: text().default(""),
    RegexContent: text().default(""),
    RegexTimeoutMs: withoutEffect(integer()),
  }).superRefine((given, context) => {
    const required = [
      ...(given.Method === "const" ? ["ReplaceString"] as const : []),
      ...(given.Match === "regex" ? ["RegexBegin", "RegexContent"] as const : []),
    ];
    for (const name of required.filter((name) => given[name] === "")) {
      const reason = name === "ReplaceString" ? "Method is const" : "Match is regex";
      context.addIssue({ code: "custom", path: [name], message: `must not be empty when ${reason}` });
    }
  }, whenGood("Method", "Match", "ReplaceString", "RegexBegin", "RegexContent")).transform((given, context) => {
    const replacement = given.Method === "const" ? given.ReplaceString : undefined;
    if (given.Match === "full") return { sourceKey: given.SourceKey, replacement, part: undefined };
    const begin = compile(given.RegexBegin, "g", context, ["RegexBegin"]);
    const content = compile(given.RegexContent, "g", context, ["RegexContent"]);
    if (begin === undefined || content === undefined) return z.NEVER;
    return { sourceKey: given.SourceKey, replacement, part: { begin, content } };
  });

/** Masks the first field of a name. A record without it stays as it is. */
export class ProcessorDesensitize extends RecordChanger {
  readonly #options: ProcessorDesensitizeOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorDesensitizeOptions, context: ProcessorContext) {
    super("processor_desensitize", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source !== undefined) source.value = this.#masked(source.value);
  }

  #masked(value: string): string {
    const { part, replacement } = this.#options;
    if (part === undefined) return replacement ?? md5Text(value);
    const parts: string[] = [];
    let at = 0;
    for (let from = 0; from <= value.length;) {
      const begin = matchFrom(part.begin, value, from);
      const content = begin && matchFrom(part.content, value, begin.index + begin[0].length);
      if (!begin || !content) break;
      parts.push(value.slice(at, content.index), replacement ?? md5Text(content[0]));
      at = content.index + content[0].length;
      from = at > begin.index ? at : at + widthAt(value, at);
    }
    return parts.join("") + value.slice(at);
  }
}

function matchFrom(regex: RegExp, value: string, from: number): RegExpExecArray | null {
  regex.lastIndex = from;
  return regex.exec(value);
}

/** A match must not begin in the middle of a surrogate pair. */
function widthAt(value: string, at: number): number {
  return (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
