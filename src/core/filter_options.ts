/**
 * Options that hold regular expressions and container filters; patterns are checked when the configuration is read.
 *
 * @module
 */
import type { StringMap } from "./container.ts";
import { type OptionType, scalar, textMap } from "./options.ts";
import { parseRegex, RegexError } from "./regex.ts";

/** A regular expression; `""` is allowed and means none. */
export function regexText(): OptionType<string> {
  return scalar("a regular expression", (pattern) => pattern).superRefine((pattern, context) => {
    const reason = tryRegexFault(pattern);
    if (reason !== undefined) {
      context.addIssue({ code: "custom", message: `not a usable regular expression: ${reason}` });
    }
  });
}

/** A map of names and wanted values; a value that begins with `^` is a regular expression. Empty when left out. */
export function filterMap(): OptionType<StringMap> {
  return textMap().superRefine((map, context) => {
    for (const [key, value] of Object.entries(map)) {
      const reason = value.startsWith("^") ? tryRegexFault(value) : undefined;
      const message = `begins with ^ but is not a usable regular expression: ${reason}`;
      if (reason !== undefined) context.addIssue({ code: "custom", path: [key], message });
    }
  }).default({});
}

/** @returns why `pattern` is not a usable regular expression; undefined when it is one. */
function tryRegexFault(pattern: string): string | undefined {
  try {
    parseRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.problem;
    throw error;
  }
}
