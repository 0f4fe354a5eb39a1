/**
 * A pattern as a nondeterministic automaton over characters (Thompson's construction): nodes that consume a character, check a
 * condition or only lead on. Counted repetitions are written out, so their number is limited.
 *
 * @module
 */
import type { CodePoints } from "./code_points.ts";
import type { Assertion, Syntax } from "./syntax.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

const NODES_MAX = 4000;

/** The number of the only node that says that there is a match. */
export const MATCH = 0;

/** A node; `next` and the others are indexes of nodes. */
export type Node =
  | { readonly kind: "match" }
  | { readonly kind: "character"; readonly set: CodePoints; readonly next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: "split"; readonly next: readonly number[] };

/** The nodes and the one to begin with. */
export interface CharacterAutomaton {
  readonly nodes: readonly Node[];
  readonly start: number;
}

/**
 * Builds the automaton of a pattern.
 *
 * @throws {UnsupportedPattern} when it has too many nodes.
 */
export function buildCharacterAutomaton(syntax: Syntax): CharacterAutomaton {
  const builder = new Builder();
  return { start: builder.build(syntax, MATCH), nodes: builder.nodes };
}

/** Builds from the end to the beginning, so that every node knows where it leads. */
class Builder {
  readonly nodes: Node[] = [{ kind: "match" }];

  add(node: Node): number {
    if (this.nodes.length >= NODES_MAX) throw new UnsupportedPattern("too many nodes");
    return this.nodes.push(node) - 1;
  }

  /** Adds nodes that match `syntax` and then go on at `next`; returns the first. */
  build(syntax: Syntax, next: number): number {
    if (syntax.kind === "character") return this.add({ kind: "character", set: syntax.set, next });
    if (syntax.kind === "assertion") return this.add({ kind: "assertion", assertion: syntax.assertion, next });
    if (syntax.kind === "sequence") return syntax.parts.reduceRight((after, part) => this.build(part, after), next);
    if (syntax.kind === "group") return this.build(syntax.body, next);
    if (syntax.kind === "repeat") return this.#buildRepeat(syntax.body, syntax.min, syntax.max, next);
    return this.add({ kind: "split", next: syntax.options.map((option) => this.build(option, next)) });
  }

  #buildRepeat(body: Syntax, min: number, max: number, next: number): number {
    let first = max === Infinity ? this.#buildLoop(body, next) : next;
    for (let count = min; count < max && max !== Infinity; count++) first = this.#buildOptional(body, first, next);
    for (let count = 0; count < min; count++) first = this.#buildCounted(body, first);
    return first;
  }

  #buildLoop(body: Syntax, next: number): number {
    const loop = this.add({ kind: "split", next: [] });
    this.nodes[loop] = { kind: "split", next: [this.build(body, loop), next] };
    return loop;
  }

  #buildOptional(body: Syntax, after: number, next: number): number {
    return this.add({ kind: "split", next: [this.build(body, after), next] });
  }

  /** An empty body adds no node: without a limit of its own, `(?:){1000000000}` would take minutes. */
  #buildCounted(body: Syntax, next: number): number {
    return this.add({ kind: "split", next: [this.build(body, next)] });
  }
}
