/**
 * Takes dead letters out of their file while an agent may be adding to it. The file is renamed, so that the agent begins a new one; its
 * lines are settled in portions, and those that stay are added to the new file. How far that has come is on the disk: after a crash the
 * next command takes up the rest, and what is repeated is one portion at most. One command at a time: it locks the directory.
 *
 * @module
 */
import type { Env, Files } from "../core/env.ts";
import { linesFor } from "../deliver/dead_letters.ts";
import {
  DeadLettersError,
  type LetterLine,
  type LetterPaths,
  letterPaths,
  readLines,
  readProgress,
} from "./dead_letters_file.ts";

/** Lines that are settled at a time: so many bytes, or one line that is larger. */
const PORTION_BYTES_MAX = 1024 * 1024;
const PORTION_LINES_MAX = 2048;
/** An agent that has opened the file before it was renamed has written to it by then. */
const WRITER_MS_MAX = 100;

/** Settles some lines. @returns those that may go; all others stay. */
export type SettleLines = (lines: readonly LetterLine[]) => Promise<ReadonlySet<LetterLine>>;

/** What working on dead letters needs. */
export interface LetterPlace {
  /** The checkpoint directory. */
  readonly directory: string;
  readonly env: Pick<Env, "files" | "sleep">;
}

/**
 * Hands all dead letters to `settle`, in order, and keeps those that it does not take.
 *
 * @throws {DeadLettersError} where another command is at work. Whatever `settle` and the disk throw: what is not settled stays.
 */
export async function settleLetters({ directory, env }: LetterPlace, settle: SettleLines): Promise<void> {
  const paths = letterPaths(directory);
  if (env.files.tryStat(directory) === undefined) return;
  using _lock = lockDirectory(directory);
  // What an interrupted command has left is a part of the whole again.
  await settleClaimed(paths, env.files, () => Promise.resolve(new Set()));
  if (env.files.tryStat(paths.letters) === undefined) return;
  env.files.remove(paths.progress);
  env.files.rename(paths.letters, paths.claimed);
  await env.sleep(WRITER_MS_MAX);
  await settleClaimed(paths, env.files, settle);
}

/** Nothing is left behind by a lock of the directory itself, and the operating system takes it from whoever ends. */
function lockDirectory(directory: string): Disposable {
  const handle = Deno.openSync(directory, { read: true });
  if (handle.tryLockSync(true)) return handle;
  handle.close();
  throw new DeadLettersError(`another "sluice dead-letters" is at work in ${directory}`);
}

async function settleClaimed(paths: LetterPaths, files: Files, settle: SettleLines): Promise<void> {
  let offset = readProgress(paths.progress, files);
  // What was added late is settled, too.
  while ((files.tryStat(paths.claimed)?.size ?? 0) > offset) {
    for (const portion of portionsOf(readLines(paths.claimed, offset, files))) {
      const gone = await settle(portion);
      await putBack(paths.letters, portion.filter((line) => line.text !== "" && !gone.has(line)), files);
      offset = portion[portion.length - 1].offsetEnd;
      await files.writeAtomically(paths.progress, JSON.stringify({ offset }));
    }
  }
  files.remove(paths.claimed);
  files.remove(paths.progress);
}

function* portionsOf(lines: Iterable<LetterLine>): Generator<readonly LetterLine[]> {
  let portion: LetterLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (portion.length > 0 && (bytes + line.bytes > PORTION_BYTES_MAX || portion.length === PORTION_LINES_MAX)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(line);
    bytes += line.bytes;
  }
  if (portion.length > 0) yield portion;
}

/** In one piece, because the agent adds to the same file, and on the disk before the other file forgets them. */
async function putBack(path: string, lines: readonly LetterLine[], files: Files): Promise<void> {
  if (lines.length === 0) return;
  const file = files.openToAppend(path);
  try {
    file.append(new TextEncoder().encode(linesFor(path, lines.map(({ text }) => text), files)));
    await file.sync();
  } finally {
    file.close();
  }
}
