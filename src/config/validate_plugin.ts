/**
 * One element of `inputs`, `processors` or `flushers` → the declaration that its `Type` names, with typed options. All problems of
 * the element are reported, not the first only.
 *
 * @module
 */
import type { PluginDeclaration, PluginKind } from "../core/plugin.ts";
import { KNOWN_PLUGINS, REFUSED_PLUGINS } from "./known_plugins.ts";
import type { ProblemList } from "./problem.ts";
import { tryReadOptions } from "./read_options.ts";
import { tryNearest } from "./suggest.ts";
import { describeTree, type MapTree, plainValue, type Tree, tryEntry } from "./tree.ts";

/** One plugin of a pipeline: what its `Type` names, and its options as the declaration's schema converted them. */
export interface PluginConfig {
  readonly declaration: PluginDeclaration;
  /** The `Type` as written. */
  readonly type: string;
  readonly options: unknown;
  /** Where it begins in its file. */
  readonly line: number;
}

/** What is being checked: which kind of plugin, and where it stands. */
export interface PluginSlot {
  readonly kind: PluginKind;
  /** `inputs[0]`. */
  readonly path: string;
}

/** @returns the plugin, or undefined when it cannot run: `problems` then says why. */
export function tryPlugin(
  tree: Tree,
  slot: PluginSlot,
  declarations: readonly PluginDeclaration[],
  problems: ProblemList,
): PluginConfig | undefined {
  if (tree.kind !== "map") {
    problems.error(tree.place, slot.path, `must be a map with a Type, not ${describeTree(tree)}`);
    return undefined;
  }
  const declaration = tryDeclaration(tree, slot, declarations, problems);
  return declaration && tryOptions(tree, slot, declaration, problems);
}

function tryDeclaration(
  map: MapTree,
  slot: PluginSlot,
  declarations: readonly PluginDeclaration[],
  problems: ProblemList,
): PluginDeclaration | undefined {
  const entry = tryEntry(map, "Type");
  if (entry?.value.kind !== "text" || entry.value.text === "") {
    reportType(map, slot, problems);
    return undefined;
  }
  const name = entry.value.text.replace(/\/.*$/, "");
  const found = declarations.find((one) => one.kind === slot.kind && [one.name, ...one.aliases].includes(name));
  if (found === undefined) reportUnknown(name, entry.value, slot, declarations, problems);
  return found;
}

function reportType(map: MapTree, slot: PluginSlot, problems: ProblemList): void {
  const entry = tryEntry(map, "Type");
  const similar = map.entries.find(({ key }) => key.toLowerCase() === "type");
  if (entry !== undefined) {
    problems.error(entry.value.place, `${slot.path}.Type`, `must be a plugin's name, not ${describeTree(entry.value)}`);
  } else if (similar !== undefined) {
    problems.error(similar.keyPlace, `${slot.path}.${similar.key}`, "unknown key, and Type is missing", "Type");
  } else {
    problems.error(map.place, slot.path, `Type is missing: it names the ${slot.kind}`);
  }
}

function reportUnknown(
  name: string,
  tree: Tree,
  { kind, path }: PluginSlot,
  declarations: readonly PluginDeclaration[],
  problems: ProblemList,
): void {
  const owner = (Object.keys(KNOWN_PLUGINS) as PluginKind[]).find((one) => KNOWN_PLUGINS[one].includes(name));
  const names = declarations.filter((one) => one.kind === kind).flatMap((one) => [one.name, ...one.aliases]);
  if (owner === kind) {
    problems.error(tree.place, `${path}.Type`, `${name} is not supported${REFUSED_PLUGINS.has(name) ? "" : " yet"}`);
  } else if (owner !== undefined) {
    problems.error(tree.place, `${path}.Type`, `${name} is a ${owner}: it belongs under ${owner}s`);
  } else {
    const suggestion = tryNearest(name, [...names, ...KNOWN_PLUGINS[kind]]);
    problems.error(tree.place, `${path}.Type`, `unknown ${kind} "${name}"`, suggestion);
  }
}

function tryOptions(
  map: MapTree,
  slot: PluginSlot,
  declaration: PluginDeclaration,
  problems: ProblemList,
): PluginConfig | undefined {
  const entries = map.entries.filter(({ key }) => key !== "Type");
  const read = tryReadOptions({ ...map, entries }, declaration.options(), slot.path, problems);
  const type = String(plainValue(tryEntry(map, "Type")?.value ?? map));
  return read && { declaration, type, options: read.options, line: map.place.line };
}
