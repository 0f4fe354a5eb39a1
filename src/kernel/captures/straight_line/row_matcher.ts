/**
 * A program (`../program_writer.ts`) without loops as WebAssembly of its own: no operation is looked up while it runs, and sets are
 * constants. It takes the first way through a text that is ASCII. Where that leads to a match, it is the match; rows of which it does
 * not are left to the program. So nothing is decided here that is not decided there.
 *
 * @module
 */
import { addOutsiders, type AsciiTable } from "./ascii_sets.ts";
import { LANES, MatcherCode, NO_LIMIT } from "./matcher_code.ts";

/** What is said of a row that is left to the program; see `../../assembly/capture_head.ts` for what that says. */
export const LEFT_TO_PROGRAM = 255;
const MATCHES = 1;

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
 * `statuses` that of the first row's status. All words of a column lie behind one another.
 *
 * @returns how many of `rows`, at least one, are left to the program.
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

class MatcherWriter extends MatcherCode {
  readonly #program: Uint8Array;
  readonly #words: DataView;
  readonly #stride: number;
  #operations = 0;

  constructor(program: Uint8Array, stride: number) {
    super();
    this.#program = program;
    this.#words = new DataView(program.buffer, program.byteOffset, program.byteLength);
    this.#stride = stride;
  }

  tryWrite(): Uint8Array<ArrayBuffer> | undefined {
    const code = this.code;
    let isWritten = false;
    code.loop("rows", () => {
      code.block("matched", () => {
        code.block("failed", () => {
          this.#beginRow();
          isWritten = this.#tryWay(this.#word(ENTRY));
        });
        code.get(this.status).constant(LEFT_TO_PROGRAM).access("i32.store8");
        this.add(this.left, 1);
      });
      for (const word of [this.startWord, this.endWord, this.out]) this.add(word, 4);
      this.add(this.status, 1);
      code.get(this.rows).constant(1).do("i32.sub").tee(this.rows).branchIf("rows");
    });
    code.get(this.left);
    return isWritten ? code.toModule(MATCH_ROWS) : undefined;
  }

  #word(at: number): number {
    return this.#words.getUint32(at, true);
  }

  #tableOf(at: number): AsciiTable {
    const set = this.#word(at);
    return this.#program.subarray(set, set + LANES);
  }

  #beginRow(): void {
    const code = this.code;
    code.get(this.startWord).access("i32.load").tee(this.start).set(this.at);
    code.get(this.endWord).access("i32.load").set(this.end);
    code.get(this.start).constant(-1).do("i32.eq");
    this.failIf();
    this.failUnlessAscii();
    const flags = this.#word(FLAGS);
    code.get(this.start).set(this.at);
    if ((flags & ANCHORED) !== 0) return;
    this.runFrom(this.#tableOf(FIRST_SKIP), NO_LIMIT);
    code.get(this.run).set(this.at);
    if ((flags & STARTS_AT_END) === 0) {
      code.get(this.at, this.end).do("i32.eq");
      this.failIf();
    }
    if ((flags & WHOLE) === 0) return;
    code.get(this.at, this.start).do("i32.ne");
    this.failIf();
  }

  /** Writes the operations from one on, with all ways that lead to a match. @returns whether that could be done. */
  #tryWay(start: number): boolean {
    for (let at = start; this.#operations++ < OPERATIONS_MAX;) {
      switch (this.#word(at)) {
        case OP.match:
          this.#match();
          return true;
        case OP.split:
          return this.#trySplit(at + 4);
        case OP.jump:
          at = this.#word(at + 4);
          break;
        case OP.greedy:
          if (!this.#canEndWhereItStops(at + 4)) return false;
          at = this.#greedy(at + 4);
          break;
        case OP.fixed:
          at = this.#fixed(at + 4);
          break;
        case OP.longest:
          at = this.#longest(at + 4);
          break;
        case OP.lazy:
          at = this.#lazy(at + 4);
          break;
        case OP.clear:
          at = this.#clear(at + 4);
          break;
        case OP.exactly:
          if (this.#word(at + 8) > LANES) return false;
          at = this.#exactly(at + 4);
          break;
        case OP.assert:
          if (this.#word(at + 4) > TEXT_END) return false;
          at = this.#assert(at + 4);
          break;
        default:
          return false;
      }
    }
    return false;
  }

  #match(): void {
    if ((this.#word(FLAGS) & WHOLE) !== 0) {
      this.code.get(this.at, this.end).do("i32.ne");
      this.failIf();
    }
    this.code.get(this.status).constant(MATCHES).access("i32.store8").branch("matched");
  }

  /** The second way where the first cannot begin; what comes behind is written twice. */
  #trySplit(at: number): boolean {
    const ends = this.#word(at + 16);
    const second = `second ${this.#operations}`;
    let isFirstWritten = false;
    this.code.block(second, () => {
      this.#branchUnlessFollows(at + 8, (ends & 1) !== 0, second);
      isFirstWritten = this.#tryWay(this.#word(at));
    });
    this.#branchUnlessFollows(at + 12, (ends & 2) !== 0, "failed");
    return isFirstWritten && this.#tryWay(this.#word(at + 4));
  }

  /** Branches unless there is a character of a set, or the end where that is good, too. */
  #branchUnlessFollows(at: number, mayEnd: boolean, label: string): void {
    const code = this.code;
    const follows = `follows ${this.#operations}`;
    code.block(follows, () => {
      code.get(this.at, this.end).do("i32.eq").branchIf(mayEnd ? follows : label);
      code.get(this.at).access("v128.load").set(this.vector);
      addOutsiders(code, this.#tableOf(at), this.vector);
      code.constant(1).do("i32.and").branchIf(label);
    });
  }

  /** Whether what follows a greedy run may begin with something else than the run's own characters. */
  #canEndWhereItStops(at: number): boolean {
    if (this.#word(at + 4) !== NO_LIMIT || this.#word(at + 12) !== 0) return true;
    const members = this.#tableOf(at);
    return this.#tableOf(at + 8).some((bits, index) => (bits & ~members[index]) !== 0);
  }

  /** As far as the run goes; where it would have to give something back, the program is asked. */
  #greedy(at: number): number {
    this.runFrom(this.#tableOf(at), this.#word(at + 4));
    this.code.get(this.run).set(this.at);
    this.#branchUnlessFollows(at + 8, this.#word(at + 12) !== 0, "failed");
    return at + 20;
  }

  #clear(at: number): number {
    const count = this.#word(at);
    for (let index = 0; index < count; index++) {
      this.code.get(this.out).constant(-1).access("i32.store", this.#word(at + 4 + index * 4) * this.#stride);
    }
    return at + 4 + count * 4;
  }

  #assert(at: number): number {
    const place = this.#word(at) === TEXT_START ? this.start : this.end;
    this.code.get(this.at, place).do("i32.ne");
    this.failIf();
    return at + 8;
  }

  #exactly(at: number): number {
    const count = this.#word(at + 4);
    this.failUnlessLeft(count);
    this.code.get(this.at).access("v128.load").set(this.vector);
    addOutsiders(this.code, this.#tableOf(at), this.vector);
    this.code.constant(2 ** count - 1).do("i32.and");
    this.failIf();
    this.add(this.at, count);
    return at + 8;
  }

  #longest(at: number): number {
    const [least, most, back] = [this.#word(at + 4), this.#word(at + 8), this.#word(at + 12)];
    this.runFrom(this.#tableOf(at), most);
    if (least > 0) {
      this.code.get(this.run, this.at).do("i32.sub").constant(least).do("i32.lt_u");
      this.failIf();
    }
    this.code.get(this.run);
    if (back > 0) this.code.constant(back).do("i32.sub");
    this.code.set(this.at);
    return this.#fixed(at + 16);
  }

  /** The first place where the run may end. */
  #lazy(at: number): number {
    this.runFrom(this.#tableOf(at + 4), NO_LIMIT);
    this.code.get(this.run).set(this.at);
    this.#branchUnlessFollows(at + 8, this.#word(at + 12) !== 0, "failed");
    return at + 20;
  }

  #fixed(at: number): number {
    const [lanes, saves] = [this.#word(at), this.#word(at + 4)];
    const [least, greatest] = [at + 8, at + 8 + LANES].map((place) => this.#program.subarray(place, place + LANES));
    if (lanes > 0) {
      this.failUnlessLeft(lanes);
      this.compare(lanes, least, greatest);
      this.add(this.at, lanes);
    }
    const saved = at + 8 + 2 * LANES;
    for (let index = 0; index < saves; index++) {
      const [word, back] = [this.#word(saved + index * 8), this.#word(saved + index * 8 + 4)];
      this.code.get(this.out, this.at);
      if (back > 0) this.code.constant(back).do("i32.sub");
      this.code.access("i32.store", word * this.#stride);
    }
    return saved + saves * 8;
  }
}
