/**
 * How far a run of characters has to go, given what comes after it. Mostly the next character decides: `[^"]*"` ends at the quote. Or a
 * few: in `\S+\] `, the run ends where `]` is the last character before a space. Only where neither helps, more than one end is tried.
 *
 * @module
 */
import type { CodePoints } from "../pattern/code_points.ts";
import type { CaptureNode, RunNode } from "./capture_graph.ts";
import { isAscii, isWithin, overlaps } from "./character_sets.ts";
import type { First, FirstCharacters } from "./first_characters.ts";

const TAIL_MAX = 16;

/** Where a run ends. */
export type RunEnding =
  /** Where it cannot go on; or, `shortest`, where it need not. */
  | { readonly kind: "longest" }
  | { readonly kind: "shortest" }
  /** So many bytes before it cannot go on. */
  | { readonly kind: "tail"; readonly bytes: number }
  /** Somewhere where what follows may begin; the last or the first such place is tried first. */
  | { readonly kind: "greedy" | "lazy"; readonly follow: First };

/** Plans one run of a graph. */
export function planRun(run: RunNode, nodes: readonly CaptureNode[], firsts: FirstCharacters): RunEnding {
  const follow = firsts.of(run.next);
  if (run.longest || run.min === run.max || !overlaps(run.set, follow.set)) return { kind: "longest" };
  if (firsts.isCertain(run.next)) return run.lazy ? { kind: "shortest" } : { kind: "longest" };
  const bytes = run.max === Infinity ? tryTail(run.set, run.next, nodes, firsts) : undefined;
  if (bytes !== undefined) return { kind: "tail", bytes };
  return { kind: run.lazy ? "lazy" : "greedy", follow };
}

/** @returns how many bytes that follow are still of the run, if what comes after them cannot be. */
function tryTail(
  set: CodePoints,
  start: number,
  nodes: readonly CaptureNode[],
  firsts: FirstCharacters,
): number | undefined {
  let at = start;
  for (let bytes = 0; bytes < TAIL_MAX;) {
    if (!overlaps(firsts.of(at).set, set)) return bytes;
    const node = nodes[at];
    if (node.kind === "character" && isAscii(node.set) && isWithin(node.set, set)) bytes++;
    else if (node.kind !== "save" && node.kind !== "clear") return undefined;
    at = node.next;
  }
  return undefined;
}
