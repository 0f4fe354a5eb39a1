/**
 * A minimal byte automaton as the table that `../assembly/pattern.ts` walks. Little-endian; it may lie at any address that is a
 * multiple of 4, and holds no addresses itself.
 *
 * | offset | what                                                                                         |
 * | ------ | -------------------------------------------------------------------------------------------- |
 * | 0      | u32: the first state                                                                         |
 * | 4      | u32: the accepting state; state 0 is the dead one                                            |
 * | 8      | u32: the first state in order that is neither decided nor skips                              |
 * | 12     | u32: offset of the skip sets                                                                 |
 * | 16     | 256 bytes: the column of each byte value                                                     |
 * | 272    | rows of u16, one a state: the state at the text's end, the number of a skip set, then the    |
 * |        | state after a byte of each class                                                             |
 * |        | skip sets of 32 bytes: which bytes lead out of a state that most bytes lead back to           |
 *
 * A state is written as the number of its row's first word. The rows are those of the dead state, the accepting one, those that
 * skip, and the others. Byte `b` is in a skip set when bit `b >> 4 & 7` of its byte `(b & 15) + (b >> 7 << 4)` is set.
 *
 * @module
 */
import type { ByteAutomaton } from "./byte_automaton.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

const STATES_MAX = 1000;
/** A state must fit 16 bits. */
const WORDS_MAX = 65536;
/** A column must fit 8 bits. */
const COLUMNS_MAX = 256;
const CLASSES_OFFSET = 16;
const ROWS_OFFSET = CLASSES_OFFSET + 256;
/** Columns before those of the classes. */
const END_COLUMN = 0;
const SKIP_COLUMN = 1;
const HEAD_COLUMNS = 2;
const SKIP_SET_BYTES = 32;
/** A state skips when at least so many ASCII characters lead back to it: runs of fewer are too short to gain anything. */
const SKIPPED_MIN = 64;

/**
 * Writes the table of an automaton.
 *
 * @throws {UnsupportedPattern} when the table would be too large.
 */
export function writePatternTable(automaton: ByteAutomaton): Uint8Array {
  return new TableWriter(automaton).write();
}

class TableWriter {
  readonly #automaton: ByteAutomaton;
  readonly #columns: number;
  /** The states that skip. */
  readonly #skipping: readonly number[];
  /** The row of each state. */
  readonly #rowOf: readonly number[];
  readonly #rows: number;

  constructor(automaton: ByteAutomaton) {
    this.#automaton = automaton;
    this.#columns = HEAD_COLUMNS + automaton.classCount;
    const states = Array.from({ length: automaton.stateCount }, (_, state) => state);
    const sinks = [0, 1].map((accepts) => states.find((state) => this.#isSink(state, accepts)) ?? -1);
    const open = states.filter((state) => !sinks.includes(state));
    this.#skipping = open.filter((state) => this.#skippedCount(state) >= SKIPPED_MIN);
    const order = [...sinks, ...this.#skipping, ...open.filter((state) => !this.#skipping.includes(state))];
    this.#rowOf = states.map((state) => order.indexOf(state));
    this.#rows = order.length;
  }

  write(): Uint8Array {
    const words = this.#rows * this.#columns;
    if (this.#rows > STATES_MAX || words > WORDS_MAX || this.#columns > COLUMNS_MAX) {
      throw new UnsupportedPattern("too large a table");
    }
    const skipSets = ROWS_OFFSET + Math.ceil(words / 2) * 4;
    const table = new Uint8Array(skipSets + this.#skipping.length * SKIP_SET_BYTES);
    this.#writeHead(new DataView(table.buffer), skipSets);
    this.#automaton.classOf.forEach((byteClass, byte) => table[CLASSES_OFFSET + byte] = HEAD_COLUMNS + byteClass);
    this.#writeRows(new DataView(table.buffer, ROWS_OFFSET));
    this.#skipping.forEach((state, index) =>
      this.#writeSkipSet(table.subarray(skipSets + index * SKIP_SET_BYTES), state)
    );
    return table;
  }

  #writeHead(view: DataView, skipSets: number): void {
    view.setUint32(0, this.#rowOf[this.#automaton.start] * this.#columns, true);
    view.setUint32(4, this.#columns, true);
    view.setUint32(8, (2 + this.#skipping.length) * this.#columns, true);
    view.setUint32(12, skipSets, true);
  }

  #writeRows(view: DataView): void {
    const { acceptsAtEnd, classCount, transitions } = this.#automaton;
    const write = (row: number, column: number, value: number) => {
      view.setUint16(2 * (row * this.#columns + column), value, true);
    };
    this.#rowOf.forEach((row, state) => {
      write(row, END_COLUMN, acceptsAtEnd[state] * this.#columns);
      write(row, SKIP_COLUMN, Math.max(0, this.#skipping.indexOf(state)));
      for (let byteClass = 0; byteClass < classCount; byteClass++) {
        const target = this.#rowOf[transitions[state * classCount + byteClass]];
        write(row, HEAD_COLUMNS + byteClass, target * this.#columns);
      }
    });
  }

  #writeSkipSet(set: Uint8Array, state: number): void {
    for (let byte = 0; byte < 256; byte++) {
      if (!this.#leadsBack(state, byte)) set[(byte & 15) + (byte >> 7 << 4)] |= 1 << (byte >> 4 & 7);
    }
  }

  #leadsBack(state: number, byte: number): boolean {
    const { classOf, classCount, transitions } = this.#automaton;
    return transitions[state * classCount + classOf[byte]] === state;
  }

  #skippedCount(state: number): number {
    let count = 0;
    for (let byte = 0; byte < 128; byte++) count += this.#leadsBack(state, byte) ? 1 : 0;
    return count;
  }

  #isSink(state: number, accepts: number): boolean {
    const { acceptsAtEnd, classCount, transitions } = this.#automaton;
    const targets = transitions.subarray(state * classCount, (state + 1) * classCount);
    return acceptsAtEnd[state] === accepts && targets.every((target) => target === state);
  }
}
