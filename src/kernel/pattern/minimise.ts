/**
 * Makes a byte automaton as small as it can be: states that no text tells apart become one (Hopcroft's algorithm,
 * https://en.wikipedia.org/wiki/DFA_minimization), then byte classes that no state tells apart.
 *
 * @module
 */
import type { ByteAutomaton } from "./byte_automaton.ts";

/** Returns the least automaton that gives the same answers. */
export function minimise(automaton: ByteAutomaton): ByteAutomaton {
  return mergeClasses(mergeStates(automaton, new Refinement(automaton).run()));
}

/** Divides the states into blocks until all states of a block lead to the same blocks. */
class Refinement {
  readonly #automaton: ByteAutomaton;
  readonly #predecessors: Predecessors;
  readonly #blockOf: Int32Array;
  readonly #blocks: Set<number>[];
  /** Blocks that others have not been compared with yet. */
  readonly #waiting: Set<number>;

  constructor(automaton: ByteAutomaton) {
    this.#automaton = automaton;
    this.#predecessors = new Predecessors(automaton);
    this.#blockOf = Int32Array.from(automaton.acceptsAtEnd);
    this.#blocks = [new Set(), new Set()];
    this.#blockOf.forEach((block, state) => this.#blocks[block].add(state));
    this.#waiting = new Set([0, 1]);
  }

  /** Returns the block of each state. */
  run(): Int32Array {
    for (const block of this.#waiting) {
      this.#waiting.delete(block);
      const members = [...this.#blocks[block]];
      for (let byteClass = 0; byteClass < this.#automaton.classCount; byteClass++) {
        this.#divideBy(this.#predecessors.of(members, byteClass));
      }
    }
    return this.#blockOf;
  }

  /** Divides each block into the states that are in `splitter` and those that are not. */
  #divideBy(splitter: readonly number[]): void {
    const inside = new Map<number, number[]>();
    for (const state of splitter) {
      const block = this.#blockOf[state];
      const states = inside.get(block);
      if (states) states.push(state);
      else inside.set(block, [state]);
    }
    for (const [block, states] of inside) {
      if (states.length < this.#blocks[block].size) this.#divide(block, states);
    }
  }

  #divide(block: number, states: readonly number[]): void {
    const divided = this.#blocks.push(new Set(states)) - 1;
    const rest = this.#blocks[block];
    for (const state of states) {
      rest.delete(state);
      this.#blockOf[state] = divided;
    }
    const isSmaller = states.length <= rest.size;
    this.#waiting.add(this.#waiting.has(block) || isSmaller ? divided : block);
  }
}

/** The states that lead to a state, by class. */
class Predecessors {
  readonly #classCount: number;
  /** Where the list of each target and class begins. */
  readonly #starts: Int32Array;
  readonly #states: Int32Array;

  constructor({ stateCount, classCount, transitions }: ByteAutomaton) {
    this.#classCount = classCount;
    this.#starts = new Int32Array(stateCount * classCount + 1);
    this.#states = new Int32Array(transitions.length);
    const listOf = (index: number) => transitions[index] * classCount + index % classCount;
    transitions.forEach((_, index) => this.#starts[listOf(index) + 1]++);
    for (let list = 0; list < stateCount * classCount; list++) this.#starts[list + 1] += this.#starts[list];
    const next = this.#starts.slice();
    transitions.forEach((_, index) => this.#states[next[listOf(index)]++] = Math.floor(index / classCount));
  }

  /** All states that lead to one of `targets`, each once. */
  of(targets: readonly number[], byteClass: number): number[] {
    const states: number[] = [];
    for (const target of targets) {
      const list = target * this.#classCount + byteClass;
      for (let index = this.#starts[list]; index < this.#starts[list + 1]; index++) states.push(this.#states[index]);
    }
    return states;
  }
}

/** Makes one state of each block. */
function mergeStates(automaton: ByteAutomaton, blockOf: Int32Array): ByteAutomaton {
  const numbers = new Map<number, number>();
  const examples: number[] = [];
  blockOf.forEach((block, state) => {
    if (!numbers.has(block)) numbers.set(block, examples.push(state) - 1);
  });
  const numberOf = (state: number) => numbers.get(blockOf[state]) ?? 0;
  const { classCount, transitions, acceptsAtEnd } = automaton;
  return {
    ...automaton,
    stateCount: examples.length,
    start: numberOf(automaton.start),
    transitions: Int32Array.from({ length: examples.length * classCount }, (_, index) => {
      return numberOf(transitions[examples[Math.floor(index / classCount)] * classCount + index % classCount]);
    }),
    acceptsAtEnd: Uint8Array.from(examples, (state) => acceptsAtEnd[state]),
  };
}

/** Makes one class of those that lead to the same state from everywhere. */
function mergeClasses(automaton: ByteAutomaton): ByteAutomaton {
  const { stateCount, classCount, transitions } = automaton;
  const numbers = new Map<string, number>();
  const examples: number[] = [];
  const merged = Array.from({ length: classCount }, (_, byteClass) => {
    const column = Array.from({ length: stateCount }, (_, state) => transitions[state * classCount + byteClass]).join();
    const number = numbers.get(column) ?? examples.push(byteClass) - 1;
    numbers.set(column, number);
    return number;
  });
  return {
    ...automaton,
    classCount: examples.length,
    classOf: automaton.classOf.map((byteClass) => merged[byteClass]),
    transitions: Int32Array.from({ length: stateCount * examples.length }, (_, index) => {
      return transitions[Math.floor(index / examples.length) * classCount + examples[index % examples.length]];
    }),
  };
}
