/**
 * Random JSON objects as text, written in all the ways that JSON allows, and texts that are nearly JSON.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** An object as text. */
export interface RandomJson {
  readonly text: string;
  /** Whether an object in it has two members with one name. */
  readonly hasTwins: boolean;
}

/** A text that was changed. */
export interface MutatedJson {
  readonly text: string;
  /** Up to here it is as it was. */
  readonly sameUntil: number;
}

const DEPTH_MAX = 5;
const BLANKS: readonly string[] = ["", "", "", " ", "\n", "\t", "\r\n", "  "];
const NUMBERS: readonly string[] = [
  "0",
  "-0",
  "1.0",
  "-12.50",
  "1e3",
  "1E+400",
  "-1e-400",
  "9007199254740993",
  "123456789012345678901234567890",
  "0.1000",
];
/** Pieces of a string, as they are written. */
const PIECES: readonly string[] = [
  ...["a", "b", " ", "{", "}", ",", ":", "'", "/", "é", "語", "😀", "\u2028", "\x7f"],
  ...["\\n", "\\t", "\\r", "\\b", "\\f", '\\"', "\\\\", "\\/", "\\u0041", "\\u00e9", "\\u0000", "\\ud83d\\ude00"],
];
/** Halves of surrogate pairs, which only values have. */
const HALVES: readonly string[] = ["\\ud83d", "\\uDE00", "\ud83d", "[", "]"];
const MUTATIONS: readonly string[] = [...'{}[]",:\\ud8 0ef-.tn\n', "\ud83d", "null", '"":'];

/** @returns an object that `JSON.parse` takes. No name has brackets, which stand for an array's elements in fields' names. */
export function randomJson(random: Random): RandomJson {
  const writer = new JsonWriter(random);
  const text = writer.object(1);
  return { text: `${random.pick(BLANKS)}${text}${random.pick(BLANKS)}`, hasTwins: writer.hasTwins };
}

/** @returns the text with one to three pieces taken out or put in. */
export function mutatedJson(text: string, random: Random): MutatedJson {
  let mutated = text;
  let sameUntil = text.length;
  for (let count = random.integer(1, 3); count > 0; count--) {
    const at = random.integer(0, mutated.length);
    const inserted = random.next() < 0.6 ? random.pick(MUTATIONS) : "";
    mutated = mutated.slice(0, at) + inserted + mutated.slice(at + random.integer(0, 2));
    sameUntil = Math.min(sameUntil, at);
  }
  return { text: mutated, sameUntil };
}

/** Writes one document. */
class JsonWriter {
  hasTwins = false;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  object(depth: number): string {
    const names: string[] = [];
    const members = Array.from({ length: this.#random.integer(0, 4) }, () => {
      const name = this.#name(names);
      names.push(name);
      return `${this.#spaced(name)}:${this.#spaced(this.#value(depth + 1))}`;
    });
    return `{${members.join(",") || this.#random.pick(BLANKS)}}`;
  }

  #name(names: readonly string[]): string {
    if (names.length > 0 && this.#random.next() < 0.05) {
      this.hasTwins = true;
      return this.#random.pick(names);
    }
    // The number keeps other names apart, whatever way they are written.
    return `"${this.#pieces(PIECES)}n${names.length}"`;
  }

  #value(depth: number): string {
    const kind = this.#random.integer(0, depth < DEPTH_MAX ? 9 : 6);
    if (kind <= 2) return `"${this.#pieces(this.#random.next() < 0.1 ? HALVES : PIECES)}"`;
    if (kind <= 4) return this.#random.next() < 0.5 ? this.#random.pick(NUMBERS) : `${this.#random.integer(-99, 99)}`;
    if (kind <= 6) return this.#random.pick(["true", "false", "null"]);
    return kind === 7 ? this.#array(depth) : this.object(depth);
  }

  #array(depth: number): string {
    const length = this.#random.integer(0, 3);
    const elements = Array.from({ length }, () => this.#spaced(this.#value(depth + 1)));
    return `[${elements.join(",") || this.#random.pick(BLANKS)}]`;
  }

  #pieces(pieces: readonly string[]): string {
    return Array.from({ length: this.#random.integer(0, 4) }, () => this.#random.pick(pieces)).join("");
  }

  #spaced(text: string): string {
    return `${this.#random.pick(BLANKS)}${text}${this.#random.pick(BLANKS)}`;
  }
}
