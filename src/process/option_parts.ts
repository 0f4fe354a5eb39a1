/**
 * Options that many processors have.
 *
 * @module
 */
import * as z from "zod";
import { GuardedRegex } from "../core/guarded_regex.ts";
import { choice, type OptionType, text, textList, textMap } from "../core/options.ts";
import { parseRegex, RegexError } from "../core/regex.ts";

/** A text that must be given, and not be empty. */
export function requiredText(): OptionType<string> {
  return text().refine((given) => given !== "", "must not be empty");
}

/** One of a few words, in any case; empty text counts as left out, which is `otherwise`. */
export function choiceOr<const Words extends readonly string[]>(words: Words, otherwise: Words[number]) {
  return z.preprocess((given) => given === "" ? undefined : given, choice(words).default(() => otherwise));
}

/** A list of at least one text. */
export function requiredList(wanted: string): OptionType<readonly string[]> {
  return textList(wanted).refine((given) => given.length > 0, `must be ${wanted}, at least one`);
}

/**
 * A regular expression, compiled for unanchored search.
 *
 * @param flags JavaScript's, besides `u`.
 */
export function pattern(flags = ""): OptionType<RegExp> {
  return text().transform((given, context) => compile(given, flags, context) ?? z.NEVER);
}

/** Regular expressions, each compiled for unanchored search. */
export function patternList(flags = ""): OptionType<readonly RegExp[]> {
  return textList("a list of regular expressions").transform((given, context) => {
    return given.map((one, index) => compile(one, flags, context, [index]) ?? z.NEVER);
  });
}

/** Regular expressions by field name, each compiled for unanchored search. */
export function patternMap(flags = ""): OptionType<ReadonlyMap<string, RegExp>> {
  return textMap().transform((given, context) => {
    const compiled = Object.entries(given).map(([name, one]) => [name, compile(one, flags, context, [name])] as const);
    return new Map(compiled.map(([name, regex]) => [name, regex ?? z.NEVER]));
  });
}

/** @returns the pattern for a match of the whole value, by whichever way through it leads there, as Boost's `regex_match`. */
export function wholeMatch(regex: RegExp): RegExp {
  // With the flag m, ^ and $ are those of a line.
  const [start, end] = regex.multiline ? ["(?<![^])", "(?![^])"] : ["^", "$"];
  return new GuardedRegex(`${start}(?:${regex.source})${end}`, regex.flags);
}

/** @returns undefined when it is not usable: `context` then has the problem. */
export function compile(
  given: string,
  flags: string,
  context: z.RefinementCtx,
  path: PropertyKey[] = [],
): RegExp | undefined {
  try {
    return parseRegex(given, flags);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    context.addIssue({ code: "custom", path, message: `not a usable regular expression: ${error.problem}` });
    return undefined;
  }
}
