/**
 * What writers have written: numbered lines whose text can be told from their numbers, and the form in which a container runtime puts them
 * into files.
 *
 * @module
 */

const HEAD = "2022-07-13T23:45:54.976593653+08:00";
/** Every so many lines one is long. */
const LONG_EVERY = 41;
const LONG_BYTES = 1500;

/** What a stream of a container has written is numbered by itself. */
export type StreamName = "stdout" | "stderr";

/** One line: who has written it, and which. */
export interface LineName {
  /** In lower case letters, digits and colons. */
  readonly writer: string;
  /** From 0. */
  readonly number: number;
}

/** The text of a line: different for each, and of different lengths. */
export function textOf({ writer, number }: LineName): string {
  const bytes = number % LONG_EVERY === LONG_EVERY - 1 ? LONG_BYTES : (number * 7919) % 60;
  return `${writer} ${number} ${"x".repeat(bytes)}.`;
}

/** The line that a text begins as, complete or not; undefined for another text. */
export function tryLineName(text: string): LineName | undefined {
  const match = /^([a-z0-9:]+) (\d+) /.exec(text);
  return match === null ? undefined : { writer: match[1], number: Number(match[2]) };
}

/** One line of a CRI log file (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md). */
export function criLine(stream: StreamName, tag: "P" | "F", text: string): string {
  return `${HEAD} ${stream} ${tag} ${text}\n`;
}
