/**
 * The rules for records of several lines as the kernel's words (`../kernel/assembly/multiline.ts`).
 *
 * @module
 */
import type { MultilineRules } from "../core/multiline_options.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { StateWord } from "../kernel/kernel_state.ts";

const MODES = { begin: 1, start: 2, "start-continue": 3, "start-end": 4, "continue-end": 5, end: 6 } as const;
const UNMATCHED = { join: 0, single: 1, discard: 2 } as const;

/** Every line is a record: the same words for all sources. */
const SINGLE_LINES = [0, 1].map((timeOfFirst) => {
  return new Map<StateWord, number>([["multiline", 0], ["timeOfFirst", timeOfFirst]]);
});

/**
 * @param timeOfFirst see `LineFormat`.
 * @returns the words to set before a call of the kernel.
 */
export function multilineWords(
  rules: MultilineRules | undefined,
  timeOfFirst: boolean,
  kernel: Kernel,
): ReadonlyMap<StateWord, number> {
  const singleLines = SINGLE_LINES[timeOfFirst ? 1 : 0];
  if (rules === undefined) return singleLines;
  const wordOf = (regex: RegExp | undefined) => regex === undefined ? 0 : kernel.addPattern(regex, rules.anchored);
  const words = new Map(singleLines);
  words.set("multiline", MODES[rules.mode]);
  words.set("unmatched", UNMATCHED[rules.unmatched]);
  words.set("checkBytesMax", rules.checkBytesMax);
  words.set("startPattern", wordOf(rules.start));
  words.set("continuePattern", wordOf(rules.continue));
  words.set("endPattern", wordOf(rules.end));
  return words;
}
