/**
 * Options that say which lines make one record: `BeginLineRegex` of `service_docker_stdout` and the section `Multiline` of the inputs
 * that read files. Patterns are checked and compiled when the configuration is read; joining the lines is left to `decode`.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/file_server/MultilineOptions.cpp
 *
 * @module
 */
import * as z from "zod";
import { regexText } from "./filter_options.ts";
import { warnedWhen, withoutEffect } from "./option_notes.ts";
import { bool, choice, type OptionType, section, whenGood } from "./options.ts";
import { parseRegex } from "./regex.ts";

/** Which lines make one record. The patterns that a mode names are there, the others are not. */
export interface MultilineRules {
  /**
   * "begin": a record lasts until the next line that matches `start`, and lines before the first such line are joined, too.
   * "start": the same, but lines before the first are unmatched. "start-continue": the lines after `start` must match `continue`.
   * "start-end": a record lasts from `start` to `end`. "continue-end": lines that match `continue`, then one that matches `end`.
   * "end": a record lasts until a line that matches `end`.
   */
  readonly mode: "begin" | "start" | "start-continue" | "start-end" | "continue-end" | "end";
  readonly start?: RegExp;
  readonly continue?: RegExp;
  readonly end?: RegExp;
  /** Whether a pattern must match at the line's first character; otherwise it is searched for. It may end before the line does. */
  readonly anchored: boolean;
  /** Only so many first bytes of a line are looked at. */
  readonly checkBytesMax: number;
  /** What becomes of lines that belong to no record: joined as one, a record each, or discarded. */
  readonly unmatched: "join" | "single" | "discard";
}

/** `checkBytesMax` where whole lines are looked at. */
const WHOLE_LINE = 2 ** 31 - 1;

const PATTERN_NAMES = ["StartPattern", "ContinuePattern", "EndPattern"] as const;

/** @returns the rules of `BeginLineRegex`, which has been checked; undefined for an empty one: every line is a record. */
export function tryBeginLineRules(pattern: string, checkBytesMax: number): MultilineRules | undefined {
  if (pattern === "") return undefined;
  return { mode: "begin", start: parseRegex(pattern), anchored: false, checkBytesMax, unmatched: "join" };
}

/** The section `Multiline`; undefined when it has no pattern that says anything: every line is a record. */
export function multilineSection(): OptionType<MultilineRules | undefined> {
  const options = section({
    Mode: mode(),
    StartPattern: linePattern(),
    ContinuePattern: linePattern(),
    EndPattern: linePattern(),
    UnmatchedContentTreatment: choice(["single_line", "discard"]).default("single_line"),
    IgnoringUnmatchWarning: withoutEffect(bool()),
  }).superRefine((given, context) => {
    if (given.ContinuePattern === "" || given.StartPattern !== "" || given.EndPattern !== "") return;
    const message = "needs a StartPattern or an EndPattern beside it, which says where a record begins or ends";
    context.addIssue({ code: "custom", path: ["ContinuePattern"], message });
  }, whenGood(...PATTERN_NAMES)).transform((given) => {
    const unmatched = given.UnmatchedContentTreatment === "discard" ? "discard" as const : "single" as const;
    return tryRules(given.StartPattern, given.ContinuePattern, given.EndPattern, unmatched);
  });
  return warnedWhen(options, warning);
}

type Patterns = Pick<MultilineRules, "mode" | "start" | "continue" | "end">;

function tryRules(
  startText: string,
  continueText: string,
  endText: string,
  unmatched: MultilineRules["unmatched"],
): MultilineRules | undefined {
  const patterns = tryPatterns(tryCompile(startText), tryCompile(continueText), tryCompile(endText));
  return patterns && { ...patterns, anchored: true, checkBytesMax: WHOLE_LINE, unmatched };
}

/** Which patterns count together; where all three are given, the one to continue does not. */
function tryPatterns(
  start: RegExp | undefined,
  toContinue: RegExp | undefined,
  end: RegExp | undefined,
): Patterns | undefined {
  if (start && end) return { mode: "start-end", start, end };
  if (start && toContinue) return { mode: "start-continue", start, continue: toContinue };
  if (start) return { mode: "start", start };
  if (end && toContinue) return { mode: "continue-end", continue: toContinue, end };
  return end && { mode: "end", end };
}

function tryCompile(pattern: string): RegExp | undefined {
  return pattern === "" ? undefined : parseRegex(pattern);
}

function mode(): OptionType<"custom"> {
  return choice(["custom", "JSON", "whole_file"]).default("custom").transform((word, context) => {
    if (word === "custom") return word;
    const message = word === "JSON"
      ? "JSON is not supported: write patterns that say where a record begins or ends, such as StartPattern: '\\{'"
      : "whole_file is not supported: records are made of lines";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** A pattern as it is used: without what says nothing at its end. */
function linePattern(): OptionType<string> {
  return regexText().default("").transform(trimPattern);
}

/**
 * Takes away what the original takes away from a pattern's end: one `$`, then every `.*`. The match is a prefix of the line, so that
 * they would only cost time. Unlike there, `\$` and `\.*` stay whole.
 */
function trimPattern(pattern: string): string {
  let trimmed = isUnescaped(pattern, "$") ? pattern.slice(0, -1) : pattern;
  while (isUnescaped(trimmed, ".*")) trimmed = trimmed.slice(0, -2);
  return trimmed;
}

/** Whether `text` ends with `ending`, and no backslash takes away the meaning of its first character. */
function isUnescaped(text: string, ending: string): boolean {
  if (!text.endsWith(ending)) return false;
  const backslashes = /\\*$/.exec(text.slice(0, -ending.length))?.[0].length ?? 0;
  return backslashes % 2 === 0;
}

function warning(given: unknown): string | undefined {
  const patterns = PATTERN_NAMES.map((name) => patternOf(given, name));
  const idle = PATTERN_NAMES.filter((_, index) => patterns[index] !== "" && trimPattern(patterns[index]) === "");
  if (idle.length > 0) return `${idle.join(" and ")} would match every line: counts as not given, as in the original`;
  const areAllGiven = patterns.every((pattern) => pattern !== "");
  return areAllGiven ? "ContinuePattern is ignored: StartPattern and EndPattern say where a record is" : undefined;
}

function patternOf(given: unknown, name: string): string {
  if (typeof given !== "object" || given === null) return "";
  const entry = Object.entries(given).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return typeof entry?.[1] === "string" ? entry[1] : "";
}
