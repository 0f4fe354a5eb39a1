/**
 * Reads dead letters: a line at a time, however large the file is. Beside the agent's own file there may be one that was taken away to
 * be worked on (`dead_letters_claim.ts`), by a command that runs or was interrupted: what is left of it counts, too.
 *
 * @module
 */
import type { Files } from "../core/env.ts";
import { type DeadLetter, deadLettersPath, tryDeadLetter } from "../deliver/dead_letters.ts";

/** Bytes that are read at a time. */
const CHUNK_BYTES = 256 * 1024;
/** No message is so large: what has a longer line is not the agent's file. */
const LINE_BYTES_MAX = 128 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Where dead letters are. */
export interface LetterPaths {
  /** Where the agent adds to. */
  readonly letters: string;
  /** What was taken away to be worked on. */
  readonly claimed: string;
  /** How far that is done. */
  readonly progress: string;
}

/** One line of a file. */
export interface LetterLine {
  /** Without the newline; empty for an empty line. */
  readonly text: string;
  /** Where the next line begins. */
  readonly offsetEnd: number;
  readonly bytes: number;
  /** Undefined for a line that is not one of the agent's, such as one that a full disk has cut. */
  readonly letter: DeadLetter | undefined;
}

/** A line that is a letter. */
export type ReadLetter = LetterLine & { readonly letter: DeadLetter };

/** Which letters are meant: all, or those that have what is given. */
export interface LetterFilter {
  readonly topic?: string;
  /** A part of the reason. */
  readonly reason?: string;
}

/** Thrown where the dead letters cannot be worked on; the message is for the user. */
export class DeadLettersError extends Error {
  override readonly name = "DeadLettersError";
}

/** The files in this checkpoint directory. */
export function letterPaths(directory: string): LetterPaths {
  const claimed = `${directory}/sluice.dead-letters.claimed`;
  return { letters: deadLettersPath(directory), claimed: `${claimed}.jsonl`, progress: `${claimed}.json` };
}

/** Whether a line is a letter that is meant. */
export function isMeant(line: LetterLine, { topic, reason }: LetterFilter): line is ReadLetter {
  const { letter } = line;
  if (letter === undefined || (topic !== undefined && letter.topic !== topic)) return false;
  return reason === undefined || letter.reason.includes(reason);
}

/** Whether a command that works on the letters that are meant takes a line: without a filter, also one that is no letter. */
export function isTaken(line: LetterLine, filter: LetterFilter): boolean {
  if (isMeant(line, filter)) return true;
  return line.letter === undefined && line.text !== "" && filter.topic === undefined && filter.reason === undefined;
}

/** All lines that are waiting, the oldest file's first. @throws {DeadLettersError} where a file is none of the agent's. */
export function* waitingLines({ letters, claimed, progress }: LetterPaths, files: Files): Generator<LetterLine> {
  yield* readLines(claimed, readProgress(progress, files), files);
  yield* readLines(letters, 0, files);
}

/** How many bytes of the claimed file are done. */
export function readProgress(path: string, files: Files): number {
  try {
    const { offset }: { offset: unknown } = JSON.parse(files.tryReadText(path) ?? "{}");
    return Number.isSafeInteger(offset) ? Math.max(0, Number(offset)) : 0;
  } catch {
    return 0;
  }
}

/** The lines of a file from an offset on; none where there is no file. @throws {DeadLettersError} for a line that never ends. */
export function* readLines(path: string, from: number, files: Files): Generator<LetterLine> {
  const file = files.tryOpen(path);
  if (file === undefined) return;
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    let line = new OpenLine(path);
    let at = from;
    for (let size = file.readAt(at, chunk); size > 0; size = file.readAt(at, chunk)) {
      let start = 0;
      for (let end = indexOfNewline(chunk, start, size); end >= 0; end = indexOfNewline(chunk, start, size)) {
        yield line.end(chunk.subarray(start, end), at + end + 1);
        line = new OpenLine(path);
        start = end + 1;
      }
      line.add(chunk.subarray(start, size));
      at += size;
    }
    if (line.bytes > 0) yield line.end(new Uint8Array(), at);
  } finally {
    file.close();
  }
}

function indexOfNewline(chunk: Uint8Array, start: number, size: number): number {
  const index = chunk.indexOf(NEWLINE, start);
  return index < size ? index : -1;
}

/** A line whose end was not read yet. */
class OpenLine {
  readonly #path: string;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #text = "";
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > LINE_BYTES_MAX) {
      throw new DeadLettersError(
        `${this.#path} has a line of more than ${LINE_BYTES_MAX} bytes: it is no dead-letter file`,
      );
    }
    this.#text += this.#decoder.decode(piece, { stream: true });
  }

  end(piece: Uint8Array, offsetEnd: number): LetterLine {
    this.add(piece);
    const text = this.#text + this.#decoder.decode();
    return { text, offsetEnd, bytes: this.#bytes, letter: tryDeadLetter(text) };
  }
}
