/**
 * `sluice dead-letters drop`, and how many letters a command is about. Connects to nothing.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import { settleLetters } from "./dead_letters_claim.ts";
import { isTaken, type LetterFilter, letterPaths, waitingLines } from "./dead_letters_file.ts";

/** How many letters are meant, and the longest of their lines. */
export interface LetterExtent {
  readonly count: number;
  readonly bytesMax: number;
}

/** Removes letters for good. @returns their number. @throws {DeadLettersError} see `settleLetters`. */
export async function dropLetters(directory: string, filter: LetterFilter, env: Env): Promise<number> {
  let dropped = 0;
  await settleLetters({ directory, env }, (lines) => {
    const gone = lines.filter((line) => isTaken(line, filter));
    dropped += gone.length;
    return Promise.resolve(new Set(gone));
  });
  return dropped;
}

/** Counts the letters that are meant. @throws {DeadLettersError} where a file is none of the agent's. */
export function measureLetters(directory: string, filter: LetterFilter, { files }: Pick<Env, "files">): LetterExtent {
  let [count, bytesMax] = [0, 0];
  for (const line of waitingLines(letterPaths(directory), files)) {
    if (!isTaken(line, filter)) continue;
    count++;
    bytesMax = Math.max(bytesMax, line.bytes);
  }
  return { count, bytesMax };
}
