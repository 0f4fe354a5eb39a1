/**
 * The operations of a program, one method each, as `../assembly/captures.ts` reads them: a number and the words that follow it. A set is
 * given by the offset of its record (`set_records.ts`), an operation and a register by its own offset.
 *
 * @module
 */
import { type CodePoints, FOLDED_WORD, LINE_TERMINATORS, WORD } from "../pattern/code_points.ts";
import type { Assertion } from "../pattern/syntax.ts";
import type { RunNode } from "./capture_graph.ts";
import { isAscii, type Lane, without } from "./character_sets.ts";
import type { First } from "./first_characters.ts";
import type { RunEnding } from "./plan_run.ts";
import type { ProgramWords } from "./program_words.ts";

const NO_LIMIT = 0xffffffff;

const OP = {
  match: 0,
  /** Bytes, number of saves; the least value of sixteen bytes, the greatest; for each save its word and how many bytes back it is. */
  fixed: 1,
  /** Set, least bytes, most characters, bytes to go back; then what `fixed` has. */
  longest: 2,
  /** Set, most characters, set of what follows, whether that may be at the end, number of the choice. */
  greedy: 3,
  /** Set, set without what follows, set of what follows, whether that may be at the end, number of the choice. */
  lazy: 4,
  /** Two operations; the set of what each begins with; bits: which may be at the end; number of the choice. */
  split: 5,
  /** Operation. */
  jump: 6,
  /** Count; the number of each word. */
  clear: 7,
  /** Kind, set. */
  assert: 8,
  /** Register. */
  mark: 9,
  progress: 10,
  /** Set, characters. */
  exactly: 11,
} as const;

/** The kind of each condition, and the set of characters that it is about. */
const ASSERTIONS: Readonly<Record<Assertion, readonly [kind: number, set: CodePoints]>> = {
  textStart: [0, []],
  textEnd: [1, []],
  lineStart: [2, LINE_TERMINATORS],
  lineEnd: [3, LINE_TERMINATORS],
  wordBoundary: [4, WORD],
  foldedWordBoundary: [4, FOLDED_WORD],
  notWordBoundary: [5, WORD],
  notFoldedWordBoundary: [5, FOLDED_WORD],
};

/** Characters that are checked at once, at most sixteen bytes, and the places among them: they are found from behind. */
export interface Fixed {
  readonly lanes: readonly Lane[];
  readonly saves: readonly { readonly word: number; readonly lanesBefore: number }[];
}

/** Adds operations to the words of a program. */
export class Operations {
  readonly #words: ProgramWords;
  #choices = 0;

  constructor(words: ProgramWords) {
    this.#words = words;
  }

  /** How many operations may have to be tried in more than one way. */
  get choices(): number {
    return this.#choices;
  }

  match(): void {
    this.#words.add(OP.match);
  }

  jump(operation: number): void {
    this.#words.add(OP.jump, operation);
  }

  fixed(fixed: Fixed): void {
    this.#words.add(OP.fixed);
    this.#fixed(fixed);
  }

  /** @param groups the first is 0. */
  clear(groups: readonly number[]): void {
    this.#words.add(OP.clear, 2 * groups.length, ...groups.flatMap((group) => [2 * group, 2 * group + 1]));
  }

  assert(assertion: Assertion): void {
    const [kind, set] = ASSERTIONS[assertion];
    this.#words.add(OP.assert, kind);
    this.#words.addSet(set);
  }

  register(kind: "mark" | "progress", register: number): void {
    this.#words.add(OP[kind], register);
  }

  exactly(set: CodePoints, count: number): void {
    if (count === 0) return;
    this.#words.add(OP.exactly);
    this.#words.addSet(set);
    this.#words.add(count);
  }

  /** @returns what sets the two operations. */
  split(first: First, second: First): readonly [(operation: number) => void, (operation: number) => void] {
    this.#words.add(OP.split);
    const ways = [this.#words.addLater(), this.#words.addLater()] as const;
    this.#words.addSet(first.set);
    this.#words.addSet(second.set);
    this.#words.add((first.atEnd ? 1 : 0) | (second.atEnd ? 2 : 0), this.#choices++);
    return ways;
  }

  /**
   * Where characters are not bytes, the least number of them is taken first, so that no operation has to count both.
   *
   * @param takeFixed gives what comes next, if it is written with the run.
   */
  run({ set, min, max }: RunNode, ending: RunEnding, takeFixed: () => Fixed): void {
    if (ending.kind === "shortest") return this.exactly(set, min);
    const isCounted = ending.kind === "greedy" || ending.kind === "lazy" || min > 1 && !isAscii(set);
    if (isCounted) this.exactly(set, min);
    if (min === max && isCounted) return;
    const least = isCounted ? 0 : min;
    const most = max === Infinity ? NO_LIMIT : max - (min - least);
    if (ending.kind === "greedy" || ending.kind === "lazy") {
      this.#choosing(ending.kind, set, most, ending.follow);
    } else {
      this.#longest(set, least, most, ending.kind === "tail" ? ending.bytes : 0);
      this.#fixed(takeFixed());
    }
  }

  #longest(set: CodePoints, least: number, most: number, bytesBack: number): void {
    this.#words.add(OP.longest);
    this.#words.addSet(set);
    this.#words.add(bytesBack + least, most, bytesBack);
  }

  #fixed({ lanes, saves }: Fixed): void {
    this.#words.add(lanes.length, saves.length);
    this.#words.addLanes(lanes);
    this.#words.add(...saves.flatMap(({ word, lanesBefore }) => [word, lanes.length - lanesBefore]));
  }

  #choosing(kind: "greedy" | "lazy", set: CodePoints, most: number, follow: First): void {
    this.#words.add(OP[kind]);
    this.#words.addSet(set);
    if (kind === "greedy") this.#words.add(most);
    else this.#words.addSet(without(set, follow.set));
    this.#words.addSet(follow.set);
    this.#words.add(follow.atEnd ? 1 : 0, this.#choices++);
  }
}
