/**
 * A pattern as a deterministic automaton over letters: the subset construction, with conditions resolved as soon as the character
 * after a place is known. It answers only whether there is a match, so the first match found is the end.
 *
 * @module
 */
import { type Alphabet, buildAlphabet } from "./alphabet.ts";
import { type CharacterAutomaton, MATCH, type Node } from "./character_automaton.ts";
import { contains } from "./code_points.ts";
import { bitsOf, bitsOfCharacter, EDGE, holds, setsOf } from "./surroundings.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

const STATES_MAX = 2000;
/** A limit of the work, about 100 ms. */
const STEPS_MAX = 3_000_000;

/** The state that no match follows. */
export const DEAD = 0;
/** The state after a match, whatever follows. */
export const ACCEPTING = 1;

/** States are numbered from 0; the first two are `DEAD` and `ACCEPTING`. */
export interface LetterAutomaton {
  readonly alphabet: Alphabet;
  readonly start: number;
  /** The state after a letter, by state × number of letters + letter. */
  readonly transitions: readonly number[];
  /** Whether a text that ends in a state matches. */
  readonly acceptsAtEnd: readonly boolean[];
}

/**
 * Builds the automaton.
 *
 * @param anchored whether a match must begin at the beginning of the text.
 * @throws {UnsupportedPattern} when it takes too many states or too long.
 */
export function buildLetterAutomaton(automaton: CharacterAutomaton, anchored: boolean): LetterAutomaton {
  return new SubsetConstruction(automaton, anchored).run();
}

/** Nodes that are waiting for the next character, and what is known of the one before. */
interface Subset {
  readonly nodes: readonly number[];
  readonly before: number;
}

class SubsetConstruction {
  readonly #nodes: readonly Node[];
  readonly #start: number;
  readonly #anchored: boolean;
  readonly #alphabet: Alphabet;
  readonly #letterBits: readonly number[];
  /** By node: whether it consumes a letter. */
  readonly #consumes: readonly (Uint8Array | undefined)[];
  readonly #states = new Map<string, number>();
  readonly #subsets: Subset[] = [];
  readonly #transitions: number[] = [];
  readonly #acceptsAtEnd: boolean[] = [];
  #steps = 0;

  constructor({ nodes, start }: CharacterAutomaton, anchored: boolean) {
    this.#nodes = nodes;
    this.#start = start;
    this.#anchored = anchored;
    const bits = bitsOf(nodes.flatMap((node) => node.kind === "assertion" ? [node.assertion] : []));
    const sets = [...new Set(nodes.flatMap((node) => node.kind === "character" ? [node.set] : []))];
    this.#alphabet = buildAlphabet([...sets, ...setsOf(bits)]);
    this.#letterBits = this.#alphabet.examples.map((example) => bitsOfCharacter(example, bits));
    const members = new Map(sets.map((set) => {
      return [set, Uint8Array.from(this.#alphabet.examples, (example) => contains(set, example) ? 1 : 0)];
    }));
    this.#consumes = nodes.map((node) => node.kind === "character" ? members.get(node.set) : undefined);
  }

  run(): LetterAutomaton {
    this.#addSinks();
    const start = this.#stateOf([this.#start], EDGE);
    for (let state = ACCEPTING + 1; state < this.#subsets.length; state++) this.#expand(this.#subsets[state]);
    return {
      alphabet: this.#alphabet,
      start,
      transitions: this.#transitions,
      acceptsAtEnd: this.#acceptsAtEnd,
    };
  }

  #addSinks(): void {
    for (const sink of [DEAD, ACCEPTING]) {
      this.#subsets.push({ nodes: [], before: 0 });
      this.#acceptsAtEnd.push(sink === ACCEPTING);
      for (let letter = 0; letter < this.#alphabet.letterCount; letter++) this.#transitions.push(sink);
    }
  }

  /** Adds the transitions of one state. */
  #expand(subset: Subset): void {
    const resolved = new Map<number, ReadonlySet<number>>();
    const resolve = (after: number) => {
      const known = resolved.get(after) ?? this.#resolve(subset, after);
      resolved.set(after, known);
      return known;
    };
    for (let letter = 0; letter < this.#alphabet.letterCount; letter++) {
      this.#transitions.push(this.#step(resolve(this.#letterBits[letter]), letter));
    }
    this.#acceptsAtEnd.push(this.#matches(resolve(EDGE)));
  }

  #step(nodes: ReadonlySet<number>, letter: number): number {
    if (this.#matches(nodes)) return ACCEPTING;
    const targets: number[] = [];
    for (const index of nodes) {
      const node = this.#nodes[index];
      if (node.kind === "character" && this.#consumes[index]?.[letter] === 1) targets.push(node.next);
    }
    this.#spend(nodes.size);
    if (!this.#anchored) targets.push(this.#start);
    return this.#stateOf(targets, this.#letterBits[letter]);
  }

  #stateOf(targets: readonly number[], before: number): number {
    const closure = this.#close(targets, () => false);
    if (this.#matches(closure)) return ACCEPTING;
    const nodes = [...closure].filter((index) => this.#nodes[index].kind !== "split").sort((one, other) => one - other);
    if (nodes.length === 0) return DEAD;
    const isConditional = nodes.some((index) => this.#nodes[index].kind === "assertion");
    return this.#numberOf({ nodes, before: isConditional ? before : 0 });
  }

  #numberOf(subset: Subset): number {
    const key = `${subset.before}:${subset.nodes.join()}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#subsets.length >= STATES_MAX) throw new UnsupportedPattern("too many states");
    const state = this.#subsets.push(subset) - 1;
    this.#states.set(key, state);
    return state;
  }

  #resolve({ nodes, before }: Subset, after: number): ReadonlySet<number> {
    return this.#close(nodes, (node) => node.kind === "assertion" && holds(node.assertion, before, after));
  }

  /** All nodes that are reached without a character, through the conditions that `isTrue` lets pass. */
  #close(nodes: readonly number[], isTrue: (node: Node) => boolean): ReadonlySet<number> {
    const closure = new Set(nodes);
    for (const index of closure) {
      const node = this.#nodes[index];
      if (node.kind === "split") { for (const next of node.next) closure.add(next); }
      else if (node.kind === "assertion" && isTrue(node)) closure.add(node.next);
    }
    this.#spend(closure.size);
    return closure;
  }

  #matches(nodes: ReadonlySet<number>): boolean {
    return nodes.has(MATCH);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > STEPS_MAX) throw new UnsupportedPattern("too much work");
  }
}
