/**
 * The operations of a matcher (`row_matcher.ts`) that look at runs of characters, and at what is fixed behind them.
 *
 * @module
 */
import { addOutsiders, cleanMembers, hasSpecials } from "./ascii_sets.ts";
import { OpenGroups } from "./group_marks.ts";
import { MatcherCode, NO_LIMIT } from "./matcher_code.ts";
import { type FixedPart, mayBeBeyondAscii, ProgramView } from "./program_view.ts";

/** Writes runs. Each operation returns the offset of the one that comes next. */
export abstract class MatcherRuns extends MatcherCode {
  protected readonly program: ProgramView;
  protected readonly stride: number;
  /** Groups that are not clean in the row. */
  protected readonly unclean = this.code.local("i32");
  /** How many operations have been begun; no two places in the code have the same number. */
  protected operations = 0;
  protected open = new OpenGroups();
  readonly #from = this.code.local("i32");

  constructor(program: Uint8Array, stride: number) {
    super();
    this.program = new ProgramView(program);
    this.stride = stride;
  }

  /** Branches unless there is a character of a set, or the end where that is good, too. */
  protected branchUnlessFollows(at: number, mayEnd: boolean, label: string): void {
    const code = this.code;
    const follows = `follows ${this.operations}`;
    code.block(follows, () => {
      code.get(this.at, this.end).do("i32.ge_u").branchIf(mayEnd ? follows : label);
      code.get(this.at).access("v128.load").set(this.vector);
      addOutsiders(code, this.program.tableOf(at), this.vector);
      code.constant(1).do("i32.and").branchIf(label);
    });
  }

  protected compare(fixed: FixedPart, label: string): void {
    if (fixed.lanes > 0) this.branchUnlessSame(fixed.lanes, fixed.least, fixed.greatest, label);
    this.add(this.at, fixed.lanes);
  }

  protected save(fixed: FixedPart): void {
    this.markUnclean(this.open.pass(fixed));
    for (const { word, bytesBack } of fixed.saves) {
      this.code.get(this.out, this.at);
      if (bytesBack > 0) this.code.constant(bytesBack).do("i32.sub");
      this.code.access("i32.store", word * this.stride);
    }
  }

  /**
   * A run of members, and what tells that it ended where it has to. Inside of groups it is first taken to end before any character that
   * is not clean; where that is wrong, it is looked at again, and the groups are not clean.
   *
   * @param writeEnd writes what comes behind the run and branches to a label where it is not what has to come.
   */
  #run(set: number, writeEnd: (label: string, isClean: boolean) => void): void {
    const members = this.program.tableOf(set);
    if (this.open.bits === 0 || !hasSpecials(members)) {
      this.runFrom(members);
      return writeEnd("failed", false);
    }
    const [special, done] = [`special ${this.operations}`, `done ${this.operations}`];
    this.code.block(done, () => {
      this.code.block(special, () => {
        this.code.get(this.at).set(this.#from);
        this.runFrom(cleanMembers(members));
        writeEnd(special, true);
        this.code.branch(done);
      });
      this.code.get(this.#from).set(this.at);
      this.markUnclean(this.open.bits);
      this.runFrom(members);
      writeEnd("failed", false);
    });
  }

  protected markUnclean(bits: number): void {
    if (bits !== 0) this.code.get(this.unclean).constant(bits).do("i32.or").set(this.unclean);
  }

  /** Branches where a run that ends could go on: with a member that is not clean, or one that is not looked at here. */
  #branchIfGoesOn(set: number, label: string, isClean: boolean): void {
    const code = this.code;
    if (this.program.hasMembersBeyondAscii(set)) this.branchIfBeyondAscii(this.run, label);
    if (!isClean) return;
    const ends = `ends ${this.operations}`;
    code.block(ends, () => {
      code.get(this.run, this.end).do("i32.ge_u").branchIf(ends);
      code.get(this.run).access("v128.load").set(this.vector);
      addOutsiders(code, this.program.tableOf(set), this.vector);
      code.constant(1).do("i32.and", "i32.eqz").branchIf(label);
    });
  }

  /** As far as the run goes; where it would have to give something back, the program is asked. */
  protected greedy(at: number): number {
    this.#run(at, (label, isClean) => {
      this.limitRun(this.program.word(at + 4));
      if (isClean) this.#branchIfGoesOn(at, label, isClean);
      this.code.get(this.run).set(this.at);
      this.branchUnlessFollows(at + 8, this.program.word(at + 12) !== 0, label);
    });
    return at + 20;
  }

  /** The first place where the run may end: with a character that is no member of its set. */
  protected lazy(at: number): number {
    this.#run(at + 4, (label) => {
      this.limitRun(NO_LIMIT);
      this.code.get(this.run).set(this.at);
      this.branchUnlessFollows(at + 8, this.program.word(at + 12) !== 0, label);
    });
    return at + 20;
  }

  protected longest(at: number): number {
    const [least, most, back] = [4, 8, 12].map((word) => this.program.word(at + word));
    const fixed = this.program.fixedAt(at + 16);
    // Then what is compared begins with the character that the run ends before.
    const isSeen = fixed.lanes > back && !mayBeBeyondAscii(fixed, back) && most === NO_LIMIT;
    this.#run(at, (label, isClean) => {
      if (!isSeen) {
        this.limitRun(most);
        this.#branchIfGoesOn(at, label, isClean);
      }
      if (least > 0) {
        this.code.get(this.run, this.at).do("i32.sub").constant(least).do("i32.lt_u").branchIf(label);
      }
      this.code.get(this.run).set(this.at);
      this.add(this.at, -back);
      this.compare(fixed, label);
    });
    this.save(fixed);
    return fixed.next;
  }
}
