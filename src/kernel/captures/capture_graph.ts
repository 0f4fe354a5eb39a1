/**
 * A pattern as a graph of small steps, in the order in which a backtracking engine takes them
 * (https://tc39.es/ecma262/#sec-pattern-semantics): where there are two ways, the first is preferred. Repeated characters are one
 * step; other counted repetitions are written out, so their number is limited.
 *
 * @module
 */
import type { CodePoints } from "../pattern/code_points.ts";
import type { Assertion, Syntax } from "../pattern/syntax.ts";
import { UnsupportedPattern } from "../pattern/unsupported_pattern.ts";
import { overlaps, tryLanes } from "./character_sets.ts";
import { FirstCharacters } from "./first_characters.ts";
import { canBeEmpty, groupsIn } from "./simplify_syntax.ts";

const NODES_MAX = 2000;
/** So many characters in a row are written out, because sixteen bytes are compared at once. */
const FIXED_MAX = 16;
/** Number of the node that says that there is a match. */
export const MATCH = 0;

/** A node; `next` and the others are indexes of nodes. */
export type CaptureNode =
  | { readonly kind: "match" }
  | { readonly kind: "character"; readonly set: CodePoints; readonly next: number }
  | RunNode
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  /** Writes the place to a word: 2 × group for its start, and one more for its end. The first group is 0 here. */
  | { readonly kind: "save"; readonly word: number; readonly next: number }
  /** Says that groups took no part. */
  | { readonly kind: "clear"; readonly groups: readonly number[]; readonly next: number }
  /** Keeps the place in a register; and goes on only if it is another since. */
  | { readonly kind: "mark"; readonly register: number; readonly next: number }
  | { readonly kind: "progress"; readonly register: number; readonly next: number }
  | { readonly kind: "split"; readonly first: number; readonly second: number };

/** Characters of a set in a row. */
export interface RunNode {
  readonly kind: "run";
  readonly set: CodePoints;
  readonly min: number;
  /** Infinity: no limit. */
  readonly max: number;
  readonly lazy: boolean;
  /** Whether it is known that only the longest run can lead to a match. */
  readonly longest: boolean;
  readonly next: number;
}

/** The nodes and the one to begin with. */
export interface CaptureGraph {
  readonly nodes: readonly CaptureNode[];
  readonly start: number;
  /** How many places have to be kept for loops. */
  readonly registers: number;
}

/**
 * Builds the graph of a simplified pattern.
 *
 * @param uncertain the groups that do not take part in every match.
 * @throws {UnsupportedPattern} when it has too many nodes.
 */
export function buildCaptureGraph(syntax: Syntax, uncertain: readonly number[]): CaptureGraph {
  const builder = new GraphBuilder();
  const first = builder.build(syntax, MATCH);
  return { start: builder.clear(uncertain, first), nodes: builder.nodes, registers: builder.registers };
}

/** Builds from the end to the beginning, so that every node knows where it leads. */
class GraphBuilder {
  readonly nodes: CaptureNode[] = [{ kind: "match" }];
  registers = 0;

  add(node: CaptureNode): number {
    if (this.nodes.length >= NODES_MAX) {
      throw new UnsupportedPattern("a repetition that is too large to be written out");
    }
    return this.nodes.push(node) - 1;
  }

  /** Adds nodes that match `syntax` and then go on at `next`; returns the first. */
  build(syntax: Syntax, next: number): number {
    if (syntax.kind === "character") return this.add({ kind: "character", set: syntax.set, next });
    if (syntax.kind === "assertion") return this.add({ kind: "assertion", assertion: syntax.assertion, next });
    if (syntax.kind === "sequence") return syntax.parts.reduceRight((after, part) => this.build(part, after), next);
    if (syntax.kind === "group") return this.#buildGroup(syntax.number - 1, syntax.body, next);
    if (syntax.kind === "choice") return this.#buildChoice(syntax.options, next);
    return this.#buildRepeat(syntax, next);
  }

  clear(groups: readonly number[], next: number): number {
    return groups.length === 0 ? next : this.add({ kind: "clear", groups: groups.map((group) => group - 1), next });
  }

  #buildGroup(group: number, body: Syntax, next: number): number {
    const end = this.add({ kind: "save", word: 2 * group + 1, next });
    return this.add({ kind: "save", word: 2 * group, next: this.build(body, end) });
  }

  #buildChoice(options: readonly Syntax[], next: number): number {
    return options.map((option) => this.build(option, next)).reduceRight((second, first) => {
      return this.add({ kind: "split", first, second });
    });
  }

  #buildRepeat(repeat: Syntax & { kind: "repeat" }, next: number): number {
    const { body, min, max, lazy } = repeat;
    if (body.kind === "character" && !isWrittenOut(body.set, repeat)) {
      return this.add({ kind: "run", set: body.set, min, max, lazy, longest: false, next });
    }
    let first = max === Infinity ? this.#buildLoop(body, lazy, next) : next;
    for (let count = min; count < max && max !== Infinity; count++) {
      first = this.#split(lazy, this.#buildIteration(body, first, max > 1), next);
    }
    for (let count = 0; count < min; count++) first = this.#buildCounted(body, first);
    return first;
  }

  #buildLoop(body: Syntax, lazy: boolean, next: number): number {
    // Until the loop is complete, anything may come next at it.
    const loop = this.add({ kind: "match" });
    const inner = lazy ? undefined : this.#tryBuildRuns(body, loop, next);
    const iteration = inner ?? this.#buildIteration(body, loop, true);
    this.nodes[loop] = lazy
      ? { kind: "split", first: next, second: iteration }
      : { kind: "split", first: iteration, second: next };
    return loop;
  }

  /**
   * For `(?:[^"\\]|\\.)*`: where the characters of one alternative neither begin another nor what comes after the loop, as many of them
   * in a row as there are do the same as one after the other.
   */
  #tryBuildRuns(body: Syntax, loop: number, next: number): number | undefined {
    if (body.kind !== "choice" || groupsIn(body).length > 0 || canBeEmpty(body)) return undefined;
    const plain = body.options.find((option) => option.kind === "character");
    if (plain?.kind !== "character") return undefined;
    const built = body.options.map((option) => option === plain ? MATCH : this.build(option, loop));
    const firsts = new FirstCharacters(this.nodes);
    const others = [next, ...built.filter((_, index) => body.options[index] !== plain)];
    if (others.some((node) => overlaps(firsts.of(node).set, plain.set))) return undefined;
    const { set } = plain;
    const run = this.add({ kind: "run", set, min: 1, max: Infinity, lazy: false, longest: true, next: loop });
    return built.map((first, index) => body.options[index] === plain ? run : first).reduceRight((second, first) => {
      return this.add({ kind: "split", first, second });
    });
  }

  #split(lazy: boolean, body: number, next: number): number {
    return this.add(lazy ? { kind: "split", first: next, second: body } : { kind: "split", first: body, second: next });
  }

  /** One iteration that may also be left out: an empty one does not count, and begins without what groups had before. */
  #buildIteration(body: Syntax, after: number, isRepeated: boolean): number {
    const groups = isRepeated ? groupsIn(body) : [];
    if (!canBeEmpty(body)) return this.clear(groups, this.build(body, after));
    const register = this.registers++;
    const checked = this.add({ kind: "progress", register, next: after });
    return this.clear(groups, this.add({ kind: "mark", register, next: this.build(body, checked) }));
  }

  /** One iteration that there must be. An empty body adds no node, and still has to count. */
  #buildCounted(body: Syntax, next: number): number {
    return this.clear(groupsIn(body), this.add({ kind: "clear", groups: [], next: this.build(body, next) }));
  }
}

/** Fixed characters are compared many at once. A lazy limit is rare, and the general way knows it. */
function isWrittenOut(set: CodePoints, { min, max, lazy }: { min: number; max: number; lazy: boolean }): boolean {
  if (min === max) return min * (tryLanes(set)?.length ?? Infinity) <= FIXED_MAX;
  return lazy && max !== Infinity;
}
