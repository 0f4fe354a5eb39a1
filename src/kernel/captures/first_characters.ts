/**
 * What can come next: the characters with which a match can go on at a node. They decide which choices the next character makes, and
 * which have to be tried.
 *
 * @module
 */
import { ANY, type CodePoints, unionOf } from "../pattern/code_points.ts";
import type { CaptureNode } from "./capture_graph.ts";

const NOT_BOUNDARIES: readonly string[] = ["notWordBoundary", "notFoldedWordBoundary"];

/** The next characters, and whether there may be none because the text ends. More than there are, never fewer. */
export interface First {
  readonly set: CodePoints;
  readonly atEnd: boolean;
}

/** Answers about the nodes of one graph. */
export class FirstCharacters {
  readonly #nodes: readonly CaptureNode[];
  readonly #known = new Map<number, First>();

  constructor(nodes: readonly CaptureNode[]) {
    this.#nodes = nodes;
  }

  /** What a match can go on with at `start`. */
  of(start: number): First {
    const known = this.#known.get(start) ?? this.#find(start);
    this.#known.set(start, known);
    return known;
  }

  /** Whether a match goes on at `start` to the pattern's end, whatever the text. */
  isCertain(start: number): boolean {
    return this.#reachable(start, (node) => node.kind !== "assertion" && node.kind !== "progress").some((node) => {
      return node.kind === "match";
    });
  }

  /** Whether every way from `start` begins with the condition that it is at the text's start. */
  isAtTextStart(start: number): boolean {
    const isOpen = (node: CaptureNode) => node.kind !== "assertion" || node.assertion !== "textStart";
    return !this.#reachable(start, isOpen).some(({ kind }) => ["match", "character", "run"].includes(kind));
  }

  /**
   * Whether a match may be empty under a condition that the engine, searching, also finds to hold between the two surrogates of a
   * character, where text in UTF-8 has no place: `\B`, and a start or an end if it is written as look-around.
   */
  mayBeInCharacter(start: number, isLookAround: boolean): boolean {
    const reachable = this.#reachable(start, () => true);
    const assertions = isLookAround ? [...NOT_BOUNDARIES, "textStart", "textEnd"] : NOT_BOUNDARIES;
    return reachable.some((node) => node.kind === "match") &&
      reachable.some((node) => node.kind === "assertion" && assertions.includes(node.assertion));
  }

  #find(start: number): First {
    const isOpen = (node: CaptureNode) => node.kind !== "assertion" || node.assertion !== "textEnd";
    const sets = new Set<CodePoints>();
    let atEnd = false;
    for (const node of this.#reachable(start, isOpen)) {
      if (node.kind === "character" || node.kind === "run") sets.add(node.set);
      if (node.kind === "match") sets.add(ANY);
      if (node.kind === "match" || node.kind === "assertion" && node.assertion === "textEnd") atEnd = true;
    }
    // The copies of a repetition share their sets, and some have a thousand ranges.
    const [only] = sets;
    return { set: sets.size === 1 ? only : unionOf([...sets].flat()), atEnd };
  }

  /** The nodes that are reached from `start` without a character; nothing is reached through those that are not open. */
  #reachable(start: number, isOpen: (node: CaptureNode) => boolean): readonly CaptureNode[] {
    const reached = new Set([start]);
    for (const index of reached) {
      const node = this.#nodes[index];
      if (node.kind === "split") reached.add(node.first).add(node.second);
      else if (
        node.kind !== "match" && node.kind !== "character" && isOpen(node) && !(node.kind === "run" && node.min > 0)
      ) {
        reached.add(node.next);
      }
    }
    return [...reached].map((index) => this.#nodes[index]);
  }
}
