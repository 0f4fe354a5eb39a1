/**
 * Writes a graph as the program that `../assembly/captures.ts` runs. Little-endian words; it may lie at any address that is a multiple
 * of 4. All offsets count from its beginning. After the head come registers, operations (`operations.ts`) and sets.
 *
 * | offset | head                                                                                                    |
 * | ------ | ------------------------------------------------------------------------------------------------------- |
 * | 0      | flags: 1 only at the text's start, 2 not for characters beyond U+FFFF, 4 whole texts only, 8 a match may |
 * |        | begin at the text's end                                                                                 |
 * | 4, 8   | addresses of the start and end of the last match                                                        |
 * | 12     | fuel                                                                                                    |
 * | 16     | address of the scratch room                                                                             |
 * | 20     | number of choices that can be noted                                                                     |
 * | 24     | set of the characters that no match begins with                                                         |
 * | 28     | set of the run without limit that the pattern begins with, or 0                                         |
 * | 32     | offset of the first operation                                                                           |
 * | 36     | fuel of a text beside that for its bytes: what may be tried before a note is taken                      |
 * | 40     | fuel for looking at bytes once a note is taken                                                          |
 * | 44     | registers                                                                                               |
 *
 * @module
 */
import { complementOf } from "../pattern/code_points.ts";
import type { CaptureGraph, CaptureNode, RunNode } from "./capture_graph.ts";
import { type Lane, tryLanes } from "./character_sets.ts";
import { FirstCharacters } from "./first_characters.ts";
import { type Fixed, Operations } from "./operations.ts";
import { planRun } from "./plan_run.ts";
import { ProgramWords } from "./program_words.ts";

const FLAG = { anchored: 1, refusesAstral: 2, whole: 4, startsAtEnd: 8 };
const REGISTERS_OFFSET = 44;
const FUEL_BASE = 1024;
const LANES_MAX = 16;

/** What concerns the program as a whole. */
export interface ProgramOptions {
  /** Whether a match must begin at the text's start whatever the pattern says. */
  readonly anchored: boolean;
  /** Whether a match that is not the whole text counts as none. */
  readonly whole: boolean;
  /** Whether a start or an end of the text may be written as look-around. */
  readonly hasLookAround: boolean;
}

/** Writes the program of a graph. */
export function writeProgram(graph: CaptureGraph, options: ProgramOptions): Uint8Array {
  return new ProgramWriter(graph).write(options);
}

class ProgramWriter {
  readonly #graph: CaptureGraph;
  readonly #firsts: FirstCharacters;
  readonly #words = new ProgramWords();
  readonly #operations = new Operations(this.#words);
  /** Where nodes are that have been written. */
  readonly #places = new Map<number, number>();
  /** Nodes that are to be written, and what sets the words that lead to them. */
  readonly #waiting: (readonly [node: number, setWord: (place: number) => void])[] = [];

  constructor(graph: CaptureGraph) {
    this.#graph = graph;
    this.#firsts = new FirstCharacters(graph.nodes);
  }

  write(options: ProgramOptions): Uint8Array {
    const setChoices = this.#writeHead(options);
    this.#writeFrom(this.#graph.start);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) next[1](this.#placeOf(next[0]));
    // With registers, that something was in vain once does not mean that it always is.
    setChoices(this.#graph.registers === 0 ? this.#operations.choices : 0);
    return this.#words.toBytes();
  }

  /** @returns what sets the number of choices. */
  #writeHead(options: ProgramOptions): (choices: number) => void {
    const { start, registers } = this.#graph;
    const words = this.#words;
    const leading = this.#tryLeadingRun();
    words.add(this.#flags(options), 0, 0, 0, 0);
    const setChoices = words.addLater();
    words.addSet(complementOf(this.#firsts.of(start).set));
    if (leading) words.addSet(leading.set);
    else words.add(0);
    words.add(REGISTERS_OFFSET + registers * 4, FUEL_BASE, 0, ...Array.from({ length: registers }, () => 0));
    return setChoices;
  }

  #flags({ anchored, whole, hasLookAround }: ProgramOptions): number {
    const { start } = this.#graph;
    const isAnchored = anchored || this.#firsts.isAtTextStart(start);
    const refusesAstral = !anchored && this.#firsts.mayBeInCharacter(start, hasLookAround);
    return (isAnchored ? FLAG.anchored : 0) | (refusesAstral ? FLAG.refusesAstral : 0) | (whole ? FLAG.whole : 0) |
      (this.#firsts.of(start).atEnd ? FLAG.startsAtEnd : 0);
  }

  #tryLeadingRun(): RunNode | undefined {
    let node = this.#graph.nodes[this.#graph.start];
    while (node.kind === "save" || node.kind === "clear") node = this.#graph.nodes[node.next];
    return node.kind === "run" && node.max === Infinity ? node : undefined;
  }

  #placeOf(index: number): number {
    const place = this.#places.get(index) ?? this.#words.here;
    if (!this.#places.has(index)) this.#writeFrom(index);
    return place;
  }

  /** Writes node after node, until the end or one that has been written. */
  #writeFrom(start: number): void {
    for (let index: number | undefined = start; index !== undefined;) {
      const known = this.#places.get(index);
      if (known !== undefined) return this.#operations.jump(known);
      this.#places.set(index, this.#words.here);
      index = this.#writeNode(this.#graph.nodes[index], index);
    }
  }

  /** Writes one node, or several at once. @returns the one that has to come next. */
  #writeNode(node: CaptureNode, index: number): number | undefined {
    if (node.kind === "character" || node.kind === "save") return this.#writeFixed(index);
    if (node.kind === "split") return this.#writeSplit(node.first, node.second);
    if (node.kind === "match") return void this.#operations.match();
    if (node.kind === "run") return this.#writeRun(node);
    if (node.kind === "assertion") this.#operations.assert(node.assertion);
    else if (node.kind !== "clear") this.#operations.register(node.kind, REGISTERS_OFFSET + node.register * 4);
    else if (node.groups.length > 0) this.#operations.clear(node.groups);
    return node.next;
  }

  #writeRun(run: RunNode): number {
    let next = run.next;
    this.#operations.run(run, planRun(run, this.#graph.nodes, this.#firsts), () => {
      const fixed = this.#takeFixed(run.next);
      next = fixed.next;
      return fixed;
    });
    return next;
  }

  #writeFixed(start: number): number {
    const fixed = this.#takeFixed(start);
    const first = this.#graph.nodes[start];
    if (fixed.next === start && first.kind === "character") return this.#writeCharacter(first);
    this.#operations.fixed(fixed);
    return fixed.next;
  }

  /** Takes as many characters from `start` on as can be compared at once, with the places among them. */
  #takeFixed(start: number): Fixed & { readonly next: number } {
    const { nodes } = this.#graph;
    const lanes: Lane[] = [];
    const saves: { word: number; lanesBefore: number }[] = [];
    let next = start;
    for (let node = nodes[next]; node.kind === "save" || node.kind === "character"; node = nodes[next]) {
      const more = node.kind === "save" ? [] : tryLanes(node.set);
      if (more === undefined || lanes.length + more.length > LANES_MAX) break;
      if (node.kind === "save") saves.push({ word: node.word, lanesBefore: lanes.length });
      lanes.push(...more);
      next = node.next;
    }
    return { lanes, saves, next };
  }

  #writeCharacter({ set, next }: CaptureNode & { kind: "character" }): number {
    this.#operations.exactly(set, 1);
    return next;
  }

  #writeSplit(first: number, second: number): number {
    const [setFirst, setSecond] = this.#operations.split(this.#firsts.of(first), this.#firsts.of(second));
    this.#waiting.push([second, setSecond]);
    // Comes next, unless it has been written: then there is a jump to it.
    setFirst(this.#words.here);
    return first;
  }
}
