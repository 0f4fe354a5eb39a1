/**
 * What stands in a program (`../program_writer.ts`), for those who make code of it.
 *
 * @module
 */
import { type AsciiTable, isSpecial } from "./ascii_sets.ts";
import { LANES } from "./matcher_code.ts";

/** Words of a set's record (`../set_records.ts`), in bytes: what there is beyond ASCII. */
const [ALL_OTHERS, RANGE_COUNT] = [16, 20];
const ASCII_MAX = 127;

/** A place in a fixed part: so many bytes from its end, it becomes a word of the groups. */
export interface FixedSave {
  readonly word: number;
  readonly bytesBack: number;
}

/** Bytes that are compared at once, and the places among them. */
export interface FixedPart {
  readonly lanes: number;
  readonly least: Uint8Array;
  readonly greatest: Uint8Array;
  readonly saves: readonly FixedSave[];
  /** Offset of what comes next. */
  readonly next: number;
}

/** Reads a program. Offsets count from its beginning, in bytes. */
export class ProgramView {
  readonly #program: Uint8Array;
  readonly #words: DataView;

  constructor(program: Uint8Array) {
    this.#program = program;
    this.#words = new DataView(program.buffer, program.byteOffset, program.byteLength);
  }

  word(at: number): number {
    return this.#words.getUint32(at, true);
  }

  /** The ASCII members of the set that the word at an offset names. */
  tableOf(at: number): AsciiTable {
    const set = this.word(at);
    return this.#program.subarray(set, set + LANES);
  }

  /** Whether that set has others. */
  hasMembersBeyondAscii(at: number): boolean {
    const set = this.word(at);
    return this.word(set + ALL_OTHERS) !== 0 || this.word(set + RANGE_COUNT) !== 0;
  }

  fixedAt(at: number): FixedPart {
    const [lanes, count] = [this.word(at), this.word(at + 4)];
    const [least, greatest] = [at + 8, at + 8 + LANES].map((place) => this.#program.subarray(place, place + LANES));
    const first = at + 8 + 2 * LANES;
    const saves = Array.from({ length: count }, (_, index) => {
      return { word: this.word(first + index * 8), bytesBack: this.word(first + index * 8 + 4) };
    });
    return { lanes, least, greatest, saves, next: first + count * 8 };
  }
}

/** Whether a byte of a fixed part may be no character, but a part of one. */
export function mayBeBeyondAscii({ greatest }: FixedPart, lane: number): boolean {
  return greatest[lane] > ASCII_MAX;
}

/** Whether a byte of a fixed part may be a character that a JSON string escapes. */
export function mayBeSpecial({ least, greatest }: FixedPart, lane: number): boolean {
  for (let character = least[lane]; character <= greatest[lane]; character++) if (isSpecial(character)) return true;
  return false;
}
