/**
 * Which groups of a program are open where code is written for it, as the bits in which a matcher (`row_matcher.ts`) speaks of groups.
 *
 * @module
 */
import { type FixedPart, mayBeSpecial } from "./program_view.ts";

/** The first groups have a bit each, all others share one. */
const GROUP_BITS = 30;

/** The bit of a group; the first group is 0. */
export function groupBit(group: number): number {
  return 1 << Math.min(group, GROUP_BITS);
}

/** Groups that have begun and not ended. */
export class OpenGroups {
  readonly #groups: Set<number>;

  constructor(groups: Iterable<number> = []) {
    this.#groups = new Set(groups);
  }

  /** A copy, for another way. */
  copy(): OpenGroups {
    return new OpenGroups(this.#groups);
  }

  get bits(): number {
    return [...this.#groups].reduce((bits, group) => bits | groupBit(group), 0);
  }

  /** Goes through a fixed part. @returns the bits of those groups that have a character of it which may need an escape. */
  pass(fixed: FixedPart): number {
    let special = 0;
    let lane = 0;
    const goTo = (end: number) => {
      for (; lane < end; lane++) if (mayBeSpecial(fixed, lane)) special |= this.bits;
    };
    for (const { word, bytesBack } of fixed.saves) {
      goTo(fixed.lanes - bytesBack);
      if (word % 2 === 0) this.#groups.add(word / 2);
      else this.#groups.delete((word - 1) / 2);
    }
    goTo(fixed.lanes);
    return special;
  }
}
