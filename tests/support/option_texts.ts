/**
 * What containers write for tests of options, and what of it must arrive.
 *
 * @module
 */
import { containerOf, type OptionCase } from "./option_scene.ts";
import { valueOf } from "./seed_form.ts";

/** 1.7 MB in all: more than is ever read after a skip. */
export const OLD_LINES = 1700;
/** A shell command that prints {@link OLD_LINES} numbered lines of a kilobyte. */
export const OLD_SCRIPT = `awk 'BEGIN { for (n = 0; n < ${OLD_LINES}; n++) printf "%d %01000d\\n", n, 0 }'`;

/** A shell command that prints records of several lines; see {@link SEVERAL}. */
export const SEVERAL_SCRIPT =
  "printf 'junk\\nstart 1\\n more\\nend\\nstart 2\\n more\\nend\\n'; printf 'start 3\\n more\\n'";
const LAST = "start 3\n more";
const COMPLETE = ["junk", "start 1\n more\nend", "start 2\n more\nend"];
/** The records of {@link SEVERAL_SCRIPT}, by how they are joined. */
export const SEVERAL = {
  /** Those that another begins after. */
  complete: COMPLETE,
  all: [...COMPLETE, LAST],
  continued: ["junk", "start 1\n more", "end", "start 2\n more", "end", LAST],
} as const;

/** Says of each container whether less than `linesMax` of its old lines have come, in order, up to the last. */
export function shownEnd(containers: readonly string[], linesMax: number): OptionCase["shown"] {
  const shownOf = (messages: readonly string[]) => {
    const numbers = messages.map((one) => Number.parseInt(valueOf(one, "content"))).filter((one) => !Number.isNaN(one));
    const inOrder = numbers.every((number, index) => index === 0 || number === numbers[index - 1] + 1);
    if (inOrder && numbers.length < linesMax && numbers.at(-1) === OLD_LINES - 1) return "its end";
    return `${numbers.length} lines, ${numbers.at(0)} to ${numbers.at(-1)}`;
  };
  return (messages) =>
    containers.map((name) => `${name}: ${shownOf(messages.filter((one) => containerOf(one) === name))}`);
}
