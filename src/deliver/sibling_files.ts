/**
 * What becomes of a file that is full: it is renamed to a numbered sibling, and the oldest sibling is deleted. Two orders of numbers,
 * those of the libraries that the original writes with. Decides how much a file takes, too; writes nothing itself.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Files } from "../core/env.ts";

/** What renaming needs. */
export type SiblingFiles = Pick<Files, "list" | "rename" | "remove">;

/** One order of numbers. */
export interface SiblingOrder {
  /**
   * How many first bytes of `lines` (whole lines, at least one) go into a file that has `fileBytes` already; 0: it is full.
   *
   * @returns the place after a line's newline.
   */
  room(lines: Uint8Array, fileBytes: number): number;
  /** Gives the file at `path` away to a sibling. @throws where that fails; it can be called again then, and nothing is lost. */
  roll(files: SiblingFiles, path: string): void;
}

const NEWLINE = 0x0a;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * `app.log` → `app.1.log` → `app.2.log` → …: 1 is the newest. No file is larger than `fileBytesMax`, unless a single line is.
 * Source: https://github.com/gabime/spdlog/blob/v1.x/include/spdlog/sinks/rotating_file_sink-inl.h
 */
export class ShiftedSiblings implements SiblingOrder {
  readonly #fileBytesMax: number;
  readonly #siblingsMax: number;

  /** @param siblingsMax how many are kept beside the file itself; 0: what is full is deleted. */
  constructor(fileBytesMax: number, siblingsMax: number) {
    this.#fileBytesMax = fileBytesMax;
    this.#siblingsMax = siblingsMax;
  }

  room(lines: Uint8Array, fileBytes: number): number {
    const left = this.#fileBytesMax - fileBytes;
    if (lines.length <= left) return lines.length;
    const fitting = left > 0 ? lines.lastIndexOf(NEWLINE, left - 1) + 1 : 0;
    return fitting === 0 && fileBytes === 0 ? lines.indexOf(NEWLINE) + 1 || lines.length : fitting;
  }

  /** Only those before the first number that is free move, so that a failure in between leaves a place to go on from. */
  roll(files: SiblingFiles, path: string): void {
    if (this.#siblingsMax === 0) return files.remove(path);
    const names = new Set(files.list(dirname(path)));
    const sibling = (number: number) => shiftedName(nameOf(path), number);
    let last = 1;
    while (last < this.#siblingsMax && names.has(sibling(last))) last++;
    for (let number = last; number > 0; number--) {
      files.rename(join(dirname(path), sibling(number - 1)), join(dirname(path), sibling(number)));
    }
  }
}

/** `app.log` with 2 is `app.2.log`; a name that is all extension, or has an empty one, gets the number at its end. */
function shiftedName(name: string, number: number): string {
  if (number === 0) return name;
  const dot = name.lastIndexOf(".");
  return dot <= 0 || dot === name.length - 1
    ? `${name}.${number}`
    : `${name.slice(0, dot)}.${number}${name.slice(dot)}`;
}

/**
 * `app.log` → `app.log.7`, where 6 was the highest number: the newest. A file is full as soon as it has `fileBytesMax`.
 * Source: https://github.com/cihub/seelog/blob/master/writers_rollingfilewriter.go
 */
export class CountedSiblings implements SiblingOrder {
  readonly #fileBytesMax: number;
  readonly #siblingsMax: number;

  /** @param siblingsMax how many are kept beside the file itself, 1 or more. */
  constructor(fileBytesMax: number, siblingsMax: number) {
    this.#fileBytesMax = fileBytesMax;
    this.#siblingsMax = siblingsMax;
  }

  room(lines: Uint8Array, fileBytes: number): number {
    const left = this.#fileBytesMax - fileBytes;
    if (left <= 0) return 0;
    const newline = lines.indexOf(NEWLINE, left - 1);
    return newline < 0 ? lines.length : newline + 1;
  }

  roll(files: SiblingFiles, path: string): void {
    const numbers = countedNumbers(files.list(dirname(path)), nameOf(path));
    const next = (numbers.at(-1) ?? 0) + 1;
    files.rename(path, `${path}.${next}`);
    const superfluous = numbers.slice(0, Math.max(0, numbers.length + 1 - this.#siblingsMax));
    for (const number of superfluous) files.remove(`${path}.${number}`);
  }
}

/** The numbers of siblings, ascending. */
function countedNumbers(names: readonly string[], base: string): number[] {
  const endings = names.filter((name) => name.startsWith(`${base}.`)).map((name) => name.slice(base.length + 1));
  return endings.filter((ending) => /^[1-9]\d{0,14}$/.test(ending)).map(Number).sort((left, right) => left - right);
}
