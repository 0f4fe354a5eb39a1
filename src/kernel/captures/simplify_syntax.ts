/**
 * Rewrites a pattern so that fewer operations are needed for it: groups that nobody asks for are only parentheses, alternatives of
 * one character each are a set. What it matches, and where the wanted groups are, stays the same.
 *
 * @module
 */
import { unionOf } from "../pattern/code_points.ts";
import type { Syntax } from "../pattern/syntax.ts";

/** Simplifies a pattern of which the first `groups` groups are wanted. */
export function simplifySyntax(syntax: Syntax, groups: number): Syntax {
  const simplify = (part: Syntax) => simplifySyntax(part, groups);
  if (syntax.kind === "group") {
    const body = simplify(syntax.body);
    return syntax.number > groups ? body : { ...syntax, body };
  }
  if (syntax.kind === "sequence") return sequenceOf(syntax.parts.map(simplify));
  if (syntax.kind === "choice") return choiceOf(syntax.options.map(simplify));
  if (syntax.kind === "repeat") return repeatOf({ ...syntax, body: simplify(syntax.body) });
  return syntax;
}

/** The numbers of the groups inside a pattern. */
export function groupsIn(syntax: Syntax): readonly number[] {
  if (syntax.kind === "group") return [syntax.number, ...groupsIn(syntax.body)];
  if (syntax.kind === "sequence") return syntax.parts.flatMap(groupsIn);
  if (syntax.kind === "choice") return syntax.options.flatMap(groupsIn);
  return syntax.kind === "repeat" ? groupsIn(syntax.body) : [];
}

/** The numbers of the groups that take part in every match. */
export function certainGroupsIn(syntax: Syntax): readonly number[] {
  if (syntax.kind === "group") return [syntax.number, ...certainGroupsIn(syntax.body)];
  if (syntax.kind === "sequence") return syntax.parts.flatMap(certainGroupsIn);
  return syntax.kind === "repeat" && syntax.min > 0 ? certainGroupsIn(syntax.body) : [];
}

/** Whether a pattern can match the empty text. */
export function canBeEmpty(syntax: Syntax): boolean {
  if (syntax.kind === "character") return false;
  if (syntax.kind === "group") return canBeEmpty(syntax.body);
  if (syntax.kind === "sequence") return syntax.parts.every(canBeEmpty);
  if (syntax.kind === "choice") return syntax.options.some(canBeEmpty);
  return syntax.kind === "assertion" || syntax.min === 0 || canBeEmpty(syntax.body);
}

function sequenceOf(parts: readonly Syntax[]): Syntax {
  const flat = parts.flatMap((part) => part.kind === "sequence" ? part.parts : [part]);
  return flat.length === 1 ? flat[0] : { kind: "sequence", parts: flat };
}

function choiceOf(options: readonly Syntax[]): Syntax {
  const sets = options.flatMap((option) => option.kind === "character" ? [option.set] : []);
  if (sets.length === options.length) return { kind: "character", set: unionOf(sets.flat()) };
  return { kind: "choice", options };
}

function repeatOf(repeat: Syntax & { kind: "repeat" }): Syntax {
  if (repeat.max === 0) return { kind: "sequence", parts: [] };
  return repeat.min === 1 && repeat.max === 1 ? repeat.body : repeat;
}
