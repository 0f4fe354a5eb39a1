/**
 * A configuration file as read: maps, lists and texts, each knowing where it stands. Every scalar is text; what it means is the
 * declared option's business. Knows nothing of YAML and nothing of plugins.
 *
 * @module
 */

/** A place in a file; line and column start at 1. Line 0 stands for the file as a whole. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of what concerns a whole file. */
export const WHOLE_FILE: Place = { line: 0, column: 0 };

/** A scalar. `isPlain` when it was written without quotes. */
export interface TextTree {
  readonly kind: "text";
  readonly text: string;
  readonly isPlain: boolean;
  readonly place: Place;
}

/** A sequence. */
export interface ListTree {
  readonly kind: "list";
  readonly items: readonly Tree[];
  readonly place: Place;
}

/** One key of a map with its value. Keys are unique within a map. */
export interface Entry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Tree;
}

/** A mapping, in the order of the file. */
export interface MapTree {
  readonly kind: "map";
  readonly entries: readonly Entry[];
  readonly place: Place;
}

/** Any part of a configuration file. */
export type Tree = TextTree | ListTree | MapTree;

/** Tells whether a value was left empty or written as an unquoted `null` or `~`. */
export function isNothing(tree: Tree): boolean {
  return tree.kind === "text" && tree.isPlain && /^(|~|null)$/i.test(tree.text);
}

/** @returns the entry with this very key. */
export function tryEntry(map: MapTree, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** @returns the tree without places: strings, arrays and objects. Nothing becomes `""`. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === "text") return isNothing(tree) ? "" : tree.text;
  if (tree.kind === "list") return tree.items.map(plainValue);
  return Object.fromEntries(tree.entries.map((entry) => [entry.key, plainValue(entry.value)]));
}

/** How a message names a tree. */
export function describeTree(tree: Tree): string {
  if (isNothing(tree)) return "nothing";
  return tree.kind === "text" ? `"${tree.text}"` : `a ${tree.kind}`;
}

/**
 * @returns the place of the deepest part that exists on the way along `path`. For a map or list under a key it is the key's, where
 * one looks for it.
 */
export function placeOf(tree: Tree, path: readonly PropertyKey[]): Place {
  const [step, ...rest] = path;
  if (step === undefined) return tree.place;
  if (tree.kind === "list") return placeIn(tree.items[Number(step)], rest) ?? tree.place;
  const entry = tree.kind === "map" ? tryEntry(tree, String(step)) : undefined;
  if (entry !== undefined && rest.length === 0 && entry.value.kind !== "text") return entry.keyPlace;
  return placeIn(entry?.value, rest) ?? tree.place;
}

function placeIn(part: Tree | undefined, path: readonly PropertyKey[]): Place | undefined {
  return part && placeOf(part, path);
}

/** Writes a path on after `base`: `inputs[0]` and `["Metadata", "Retry"]` give `inputs[0].Metadata.Retry`. */
export function joinPath(base: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, base);
}
