/**
 * Brings a plugin's options into their declared names. As in the original, upper and lower case do not matter, unknown names are
 * ignored and empty values count as not given; unlike there, the user is told.
 *
 * @module
 */
import type * as z from "zod";
import { warningOf } from "../core/option_notes.ts";
import type { ProblemList } from "./problem.ts";
import { type Shape, tryDeclaredName, tryShape } from "./shape.ts";
import { tryNearest } from "./suggest.ts";
import { type Entry, isNothing, joinPath, type MapTree, plainValue, type Tree } from "./tree.ts";

/** @returns `map` with the entries that `shape` declares, under their declared names; warnings go to `problems`. */
export function normaliseOptions(map: MapTree, shape: Shape, path: string, problems: ProblemList): MapTree {
  const kept = new Map<string, Entry>();
  for (const entry of map.entries) {
    const entryPath = joinPath(path, [entry.key]);
    const name = tryDeclaredName(shape, entry.key);
    if (name === undefined) {
      const suggestion = tryNearest(entry.key, Object.keys(shape));
      problems.warn(entry.keyPlace, entryPath, "unknown option, ignored", suggestion);
    } else if (isNothing(entry.value)) {
      continue;
    } else if (kept.has(name)) {
      problems.warn(entry.keyPlace, entryPath, `ignored: already given on line ${kept.get(name)?.keyPlace.line}`);
    } else {
      kept.set(name, normaliseEntry({ ...entry, key: name }, shape[name], entryPath, problems));
    }
  }
  return { ...map, entries: [...kept.values()] };
}

function normaliseEntry(entry: Entry, schema: z.core.$ZodType, path: string, problems: ProblemList): Entry {
  const warning = warningOf(schema, plainValue(entry.value));
  if (warning !== undefined) problems.warn(entry.keyPlace, path, warning);
  return { ...entry, value: normaliseSection(entry.value, schema, path, problems) };
}

function normaliseSection(value: Tree, schema: z.core.$ZodType, path: string, problems: ProblemList): Tree {
  const shape = tryShape(schema);
  return shape === undefined || value.kind !== "map" ? value : normaliseOptions(value, shape, path, problems);
}
