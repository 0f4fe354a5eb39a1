/**
 * A deterministic automaton over bytes: the letters' automaton while it stands between two characters, a node of the UTF-8 tree
 * beside it while it is inside one.
 *
 * @module
 */
import { ACCEPTING, DEAD, type LetterAutomaton } from "./letter_automaton.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";
import { leafOf, RESTART, type Utf8Tree } from "./utf8_tree.ts";

/** Limit before equal states become one. */
const STATES_MAX = 8000;

/** States are numbered from 0. */
export interface ByteAutomaton {
  readonly stateCount: number;
  readonly start: number;
  readonly classCount: number;
  /** The class of each byte: bytes of a class lead to the same states. */
  readonly classOf: Uint8Array;
  /** The state after a byte, by state × number of classes + class. */
  readonly transitions: Int32Array;
  /** 1 where a text that ends in the state matches. */
  readonly acceptsAtEnd: Uint8Array;
}

/**
 * Builds the automaton.
 *
 * @throws {UnsupportedPattern} when it has too many states.
 */
export function buildByteAutomaton(letters: LetterAutomaton, tree: Utf8Tree): ByteAutomaton {
  return new Product(letters, tree).run();
}

/** Between two characters; other places are nodes of the tree. */
const ROOT = -1;

class Product {
  readonly #letters: LetterAutomaton;
  readonly #tree: Utf8Tree;
  /** States as letter state × places + place + 1. */
  readonly #states: number[] = [];
  readonly #known = new Map<number, number>();

  constructor(letters: LetterAutomaton, tree: Utf8Tree) {
    this.#letters = letters;
    this.#tree = tree;
  }

  run(): ByteAutomaton {
    const { classOf, examples } = classifyBytes(this.#tree);
    const start = this.#numberOf(this.#letters.start, ROOT);
    const transitions: number[] = [];
    const acceptsAtEnd: number[] = [];
    for (let state = 0; state < this.#states.length; state++) {
      const [letterState, place] = this.#split(this.#states[state]);
      for (const byte of examples) transitions.push(this.#step(letterState, place, byte));
      const last = place === ROOT ? letterState : this.#afterLetter(letterState, this.#tree.replacement);
      acceptsAtEnd.push(this.#letters.acceptsAtEnd[last] ? 1 : 0);
    }
    return {
      stateCount: this.#states.length,
      start,
      classCount: examples.length,
      classOf,
      transitions: Int32Array.from(transitions),
      acceptsAtEnd: Uint8Array.from(acceptsAtEnd),
    };
  }

  #step(letterState: number, place: number, byte: number): number {
    const child = place === ROOT ? this.#tree.root[byte] : this.#tree.nodes[place][byte - 0x80] ?? RESTART;
    if (child === RESTART) return this.#step(this.#afterLetter(letterState, this.#tree.replacement), ROOT, byte);
    if (child < 0) return this.#numberOf(this.#afterLetter(letterState, leafOf(child)), ROOT);
    return this.#numberOf(letterState, child);
  }

  #afterLetter(letterState: number, letter: number): number {
    return this.#letters.transitions[letterState * this.#letters.alphabet.letterCount + letter];
  }

  #numberOf(letterState: number, place: number): number {
    const isDecided = letterState === DEAD || letterState === ACCEPTING;
    const key = letterState * (this.#tree.nodes.length + 1) + (isDecided ? ROOT : place) + 1;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#states.length >= STATES_MAX) throw new UnsupportedPattern("too many states");
    const state = this.#states.push(key) - 1;
    this.#known.set(key, state);
    return state;
  }

  #split(key: number): [letterState: number, place: number] {
    const places = this.#tree.nodes.length + 1;
    return [Math.floor(key / places), key % places - 1];
  }
}

/** Puts bytes together that lead to the same place from everywhere in the tree. */
function classifyBytes({ root, nodes }: Utf8Tree): { classOf: Uint8Array; examples: number[] } {
  const classes = new Map<string, number>();
  const examples: number[] = [];
  const classOf = Uint8Array.from({ length: 256 }, (_, byte) => {
    const below = nodes.map((children) => children[byte - 0x80] ?? RESTART);
    const key = [root[byte], ...below].join();
    const byteClass = classes.get(key) ?? examples.push(byte) - 1;
    classes.set(key, byteClass);
    return byteClass;
  });
  return { classOf, examples };
}
