/**
 * Sets of characters as `../assembly/capture_sets.ts` reads them. Little-endian, at any address that is a multiple of 4:
 *
 * | offset | what                                                                                       |
 * | ------ | ------------------------------------------------------------------------------------------ |
 * | 0      | 16 bytes: ASCII character `c` is a member when bit `c >> 4` of byte `c & 15` is set          |
 * | 16     | u32: 0x80 where every other character is a member, else 0                                  |
 * | 20     | u32: number of ranges where only some others are members, else 0                           |
 * | 24     | u32: offset of the ranges from the record's beginning                                      |
 * | 28     | ranges: the first and the last code point of each as u32                                   |
 *
 * @module
 */
import type { CodePoints } from "../pattern/code_points.ts";
import { contains } from "../pattern/code_points.ts";

const ASCII_SIZE = 0x80;
const CODE_POINT_MAX = 0x10ffff;
const HEAD_BYTES = 28;

/** The records of the sets of one program, each once. */
export class SetRecords {
  readonly #offsets = new Map<string, number>();
  readonly #records: Uint8Array[] = [];
  #bytes = 0;

  /** The size of all records. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns where the record of `set` begins, from the first record. */
  add(set: CodePoints): number {
    const key = set.join();
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    const record = recordOf(set);
    const offset = this.#bytes;
    this.#records.push(record);
    this.#offsets.set(key, offset);
    this.#bytes += record.length;
    return offset;
  }

  /** Writes all records to the beginning of `room`. */
  write(room: Uint8Array): void {
    let at = 0;
    for (const record of this.#records) {
      room.set(record, at);
      at += record.length;
    }
  }
}

function recordOf(set: CodePoints): Uint8Array {
  const others = rangesBeyondAscii(set);
  const hasAll = others.length === 2 && others[0] === ASCII_SIZE && others[1] === CODE_POINT_MAX;
  const ranges = hasAll ? [] : others;
  const record = new Uint8Array(HEAD_BYTES + ranges.length * 4);
  for (let code = 0; code < ASCII_SIZE; code++) {
    if (contains(set, code)) record[code & 15] |= 1 << (code >> 4);
  }
  const words = new Uint32Array([hasAll ? 0x80 : 0, ranges.length / 2, HEAD_BYTES, ...ranges]);
  record.set(new Uint8Array(words.buffer), 16);
  return record;
}

function rangesBeyondAscii(set: CodePoints): number[] {
  const ranges: number[] = [];
  for (let index = 0; index < set.length; index += 2) {
    if (set[index + 1] >= ASCII_SIZE) ranges.push(Math.max(set[index], ASCII_SIZE), set[index + 1]);
  }
  return ranges;
}
