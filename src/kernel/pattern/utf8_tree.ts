/**
 * How the bytes of UTF-8 lead to letters: a tree with one level per byte of a character, in which equal subtrees are one. Bytes that
 * are not UTF-8 count as U+FFFD, one for each maximal part that could have begun a character
 * (https://encoding.spec.whatwg.org/#utf-8-decoder).
 *
 * @module
 */
import { type Alphabet, letterOf, runOf } from "./alphabet.ts";

const REPLACEMENT_CHARACTER = 0xfffd;
/** Below the root, a byte that cannot go on: what came before is U+FFFD, and the byte is looked at again from the root. */
export const RESTART = -1;

/** Nodes by number. A child is the number of a node, `RESTART`, or a letter as `leafOf` writes it. */
export interface Utf8Tree {
  /** The root's children by byte, 256 of them. */
  readonly root: readonly number[];
  /** The other nodes' children by byte less 0x80, 64 each: only such bytes go on. */
  readonly nodes: readonly (readonly number[])[];
  /** The letter of U+FFFD. */
  readonly replacement: number;
}

/** Writes a letter as a child; and reads it back. */
export function leafOf(letter: number): number {
  return -2 - letter;
}

/** Builds the tree of an alphabet. */
export function buildUtf8Tree(alphabet: Alphabet): Utf8Tree {
  return new TreeBuilder(alphabet).build();
}

class TreeBuilder {
  readonly #alphabet: Alphabet;
  readonly #nodes: number[][] = [];
  readonly #known = new Map<string, number>();
  /** By letter and size, because nearly all of Unicode is such nodes. */
  readonly #uniform = new Map<string, number>();

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet;
  }

  build(): Utf8Tree {
    const replacement = letterOf(this.#alphabet, REPLACEMENT_CHARACTER);
    const root = Array.from({ length: 256 }, () => leafOf(replacement));
    for (let byte = 0; byte < 0x80; byte++) root[byte] = leafOf(letterOf(this.#alphabet, byte));
    for (let lead = 0xc2; lead <= 0xf4; lead++) root[lead] = this.#leadNode(lead);
    return { root, nodes: this.#nodes, replacement };
  }

  /** Not every second byte may follow E0, ED, F0 and F4 (https://www.unicode.org/versions/Unicode16.0.0, table 3-7). */
  #leadNode(lead: number): number {
    if (lead < 0xe0) return this.#node((lead & 0x1f) << 6, 1, 0, 63);
    if (lead < 0xf0) return this.#node((lead & 0xf) << 12, 64, lead === 0xe0 ? 32 : 0, lead === 0xed ? 31 : 63);
    return this.#node((lead & 7) << 18, 4096, lead === 0xf0 ? 16 : 0, lead === 0xf4 ? 15 : 63);
  }

  /** The node whose children from `least` to `most` each cover `childSize` code points, the first of them from `first`. */
  #node(first: number, childSize: number, least: number, most: number): number {
    const children = Array.from({ length: 64 }, (_, index) => {
      if (index < least || index > most) return RESTART;
      return this.#child(first + index * childSize, childSize);
    });
    return this.#numberOf(children);
  }

  #child(first: number, size: number): number {
    const run = runOf(this.#alphabet.runStarts, first);
    const letter = this.#alphabet.runLetters[run];
    if (size === 1) return leafOf(letter);
    const runEnd = this.#alphabet.runStarts[run + 1] ?? Infinity;
    return runEnd >= first + size ? this.#uniformNode(letter, size) : this.#node(first, size / 64, 0, 63);
  }

  /** A node below which everything is the same letter. */
  #uniformNode(letter: number, size: number): number {
    const key = `${letter}/${size}`;
    const known = this.#uniform.get(key);
    if (known !== undefined) return known;
    const child = size === 64 ? leafOf(letter) : this.#uniformNode(letter, size / 64);
    const node = this.#numberOf(Array.from({ length: 64 }, () => child));
    this.#uniform.set(key, node);
    return node;
  }

  #numberOf(children: number[]): number {
    const key = children.join();
    const known = this.#known.get(key) ?? this.#nodes.push(children) - 1;
    this.#known.set(key, known);
    return known;
  }
}
