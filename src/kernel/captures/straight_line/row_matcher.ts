/**
 * A program (`../program_writer.ts`) without loops as WebAssembly of its own: no operation is looked up while it runs, and sets are
 * constants. It takes the first way through a text, as far as that is ASCII. Where that leads to a match, it is the match; rows of which
 * it does not are left to the program. So nothing is decided here that is not decided there. It also says which groups are clean: in no
 * row they have a character that a JSON string would escape. Mostly all are, and it costs nothing to see: runs stop at such characters.
 *
 * @module
 */
import { addOutsiders, hasSpecials } from "./ascii_sets.ts";
import { LANES, NO_LIMIT } from "./matcher_code.ts";
import { MatcherRuns } from "./matcher_runs.ts";

/** What is said of a row that is left to the program; see `../../assembly/capture_head.ts` for what that says. */
export const LEFT_TO_PROGRAM = 255;
const MATCHES = 1;

/** Among the bits of groups that are not clean (`group_marks.ts`): there are rows that are left to the program. */
export const ROWS_LEFT = 1 << 31;

/** Words of a program's head, in bytes. */
const [FLAGS, FIRST_SKIP, ENTRY] = [0, 24, 32];
const [ANCHORED, WHOLE, STARTS_AT_END] = [1, 4, 8];
/** Numbers of operations (`../operations.ts`). */
const OP = {
  match: 0,
  fixed: 1,
  longest: 2,
  greedy: 3,
  lazy: 4,
  split: 5,
  jump: 6,
  clear: 7,
  assert: 8,
  exactly: 11,
} as const;
const [TEXT_START, TEXT_END] = [0, 1];
/** So many operations are written at most: behind each choice they are written twice. */
const OPERATIONS_MAX = 300;

/**
 * Matches rows of a column: `start` and `end` are the addresses of its words for the first row, `out` that of the first group's start,
 * `statuses` that of the first row's status. All words of a column lie behind one another. Reads up to 16 KB beyond the texts.
 *
 * @param rows at least one.
 * @returns the bits of groups that are not clean, and `ROWS_LEFT`.
 */
export type MatchRows = (start: number, end: number, out: number, statuses: number, rows: number) => number;

/** The name under which the module exports it. */
const MATCH_ROWS = "matchRows";

/**
 * Generates the module for a program.
 *
 * @param stride how far the starts and ends of columns lie apart, in bytes.
 * @returns undefined where the program has loops, or too many ways.
 */
export function tryGenerateMatcher(program: Uint8Array, stride: number): Uint8Array<ArrayBuffer> | undefined {
  return new MatcherWriter(program, stride).tryWrite();
}

/** Ties a generated module to a memory. */
export function linkMatcher(module: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): MatchRows {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
  // The function is as it was written above; the instance's type cannot tell.
  return instance.exports[MATCH_ROWS] as MatchRows;
}

class MatcherWriter extends MatcherRuns {
  tryWrite(): Uint8Array<ArrayBuffer> | undefined {
    const code = this.code;
    let isWritten = false;
    code.loop("rows", () => {
      code.block("matched", () => {
        code.block("failed", () => {
          this.#beginRow();
          isWritten = this.#tryWay(this.program.word(ENTRY));
        });
        code.get(this.status).constant(LEFT_TO_PROGRAM).access("i32.store8");
        code.get(this.said).constant(ROWS_LEFT).do("i32.or").set(this.said);
      });
      for (const word of [this.startWord, this.endWord, this.out]) this.add(word, 4);
      this.add(this.status, 1);
      code.get(this.rows).constant(1).do("i32.sub").tee(this.rows).branchIf("rows");
    });
    code.get(this.said);
    return isWritten ? code.toModule(MATCH_ROWS) : undefined;
  }

  #beginRow(): void {
    const code = this.code;
    code.constant(0).set(this.unclean);
    code.get(this.startWord).access("i32.load").tee(this.start).set(this.at);
    code.get(this.endWord).access("i32.load").set(this.end);
    code.get(this.start).constant(-1).do("i32.eq").branchIf("failed");
    const flags = this.program.word(FLAGS);
    if ((flags & ANCHORED) !== 0) return;
    this.runFrom(this.program.tableOf(FIRST_SKIP));
    this.limitRun(NO_LIMIT);
    code.get(this.run).set(this.at);
    this.branchIfBeyondAscii(this.at, "failed");
    if ((flags & STARTS_AT_END) === 0) code.get(this.at, this.end).do("i32.eq").branchIf("failed");
    if ((flags & WHOLE) !== 0) code.get(this.at, this.start).do("i32.ne").branchIf("failed");
  }

  /** Writes the operations from one on, with all ways that lead to a match. @returns whether that could be done. */
  #tryWay(start: number): boolean {
    const program = this.program;
    for (let at = start; this.operations++ < OPERATIONS_MAX;) {
      switch (program.word(at)) {
        case OP.match:
          this.#match();
          return true;
        case OP.split:
          return this.#trySplit(at + 4);
        case OP.jump:
          at = program.word(at + 4);
          break;
        case OP.greedy:
          if (!this.#canEndWhereItStops(at + 4)) return false;
          at = this.greedy(at + 4);
          break;
        case OP.fixed:
          at = this.#fixed(at + 4);
          break;
        case OP.longest:
          at = this.longest(at + 4);
          break;
        case OP.lazy:
          at = this.lazy(at + 4);
          break;
        case OP.clear:
          at = this.#clear(at + 4);
          break;
        case OP.exactly:
          if (program.word(at + 8) > LANES) return false;
          at = this.#exactly(at + 4);
          break;
        case OP.assert:
          if (program.word(at + 4) > TEXT_END) return false;
          at = this.#assert(at + 4);
          break;
        default:
          return false;
      }
    }
    return false;
  }

  #match(): void {
    const code = this.code;
    const isElsewhere = (this.program.word(FLAGS) & WHOLE) !== 0 ? "i32.ne" : "i32.gt_u";
    code.get(this.at, this.end).do(isElsewhere).branchIf("failed");
    code.get(this.said, this.unclean).do("i32.or").set(this.said);
    code.get(this.status).constant(MATCHES).access("i32.store8").branch("matched");
  }

  /** The second way where the first cannot begin; what comes behind is written twice. */
  #trySplit(at: number): boolean {
    const ends = this.program.word(at + 16);
    const second = `second ${this.operations}`;
    const open = this.open.copy();
    let isFirstWritten = false;
    this.code.block(second, () => {
      this.branchUnlessFollows(at + 8, (ends & 1) !== 0, second);
      isFirstWritten = this.#tryWay(this.program.word(at));
    });
    this.open = open;
    this.branchUnlessFollows(at + 12, (ends & 2) !== 0, "failed");
    return isFirstWritten && this.#tryWay(this.program.word(at + 4));
  }

  /** Whether what follows a greedy run may begin with something else than the run's own characters. */
  #canEndWhereItStops(at: number): boolean {
    if (this.program.word(at + 4) !== NO_LIMIT || this.program.word(at + 12) !== 0) return true;
    const members = this.program.tableOf(at);
    return this.program.tableOf(at + 8).some((bits, index) => (bits & ~members[index]) !== 0);
  }

  #fixed(at: number): number {
    const fixed = this.program.fixedAt(at);
    this.compare(fixed, "failed");
    this.save(fixed);
    return fixed.next;
  }

  #clear(at: number): number {
    const count = this.program.word(at);
    for (let index = 0; index < count; index++) {
      this.code.get(this.out).constant(-1).access("i32.store", this.program.word(at + 4 + index * 4) * this.stride);
    }
    return at + 4 + count * 4;
  }

  #assert(at: number): number {
    const place = this.program.word(at) === TEXT_START ? this.start : this.end;
    this.code.get(this.at, place).do("i32.ne").branchIf("failed");
    return at + 8;
  }

  #exactly(at: number): number {
    const count = this.program.word(at + 4);
    const members = this.program.tableOf(at);
    this.code.get(this.at).access("v128.load").set(this.vector);
    addOutsiders(this.code, members, this.vector);
    this.code.constant(2 ** count - 1).do("i32.and").branchIf("failed");
    this.add(this.at, count);
    if (hasSpecials(members)) this.markUnclean(this.open.bits);
    return at + 8;
  }
}
