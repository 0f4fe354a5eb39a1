/**
 * The keys of a pipeline beside its plugins: `global`, `aggregators`, `extensions`, `createTime`. What Sluice does not do is refused
 * where it would change the original's records, and only mentioned otherwise.
 *
 * @module
 */
import { type GlobalOptions, globalOptions, NO_GLOBAL_OPTIONS } from "../core/global_options.ts";
import type { ProblemList } from "./problem.ts";
import { tryReadOptions } from "./read_options.ts";
import { tryNearest } from "./suggest.ts";
import { describeTree, isNothing, type MapTree, plainValue, type Tree, tryEntry } from "./tree.ts";
import { checkUnusedPlugins } from "./validate_unused.ts";

/** What a pipeline says beside its plugins. */
export interface Surroundings {
  readonly global: GlobalOptions;
  /** Seconds since 1970; of two pipelines that want the same file, the older one gets it. */
  readonly createTime: number | undefined;
}

const HOST_KEY = "PipelineMetaTagKey";
/** The facts of the host that can become tags here. */
const HOST_FACTS = ["HOST_NAME", "HOST_IP"];

/** Reads all that stands beside the plugins in a pipeline. What is wrong with it goes to `problems`. */
export function readSurroundings(root: MapTree, problems: ProblemList): Surroundings {
  checkUnusedPlugins(root, problems);
  return {
    global: readGlobal(tryEntry(root, "global")?.value, problems),
    createTime: readCreateTime(tryEntry(root, "createTime")?.value, problems),
  };
}

function readCreateTime(tree: Tree | undefined, problems: ProblemList): number | undefined {
  if (tree === undefined || isNothing(tree)) return undefined;
  if (tree.kind === "text" && /^\d+$/.test(tree.text)) return Number(tree.text);
  problems.error(tree.place, "createTime", `must be seconds since 1970, not ${describeTree(tree)}`);
  return undefined;
}

function readGlobal(tree: Tree | undefined, problems: ProblemList): GlobalOptions {
  if (tree === undefined || isNothing(tree)) return NO_GLOBAL_OPTIONS;
  if (tree.kind !== "map") {
    problems.error(tree.place, "global", `must be a map, not ${describeTree(tree)}`);
    return NO_GLOBAL_OPTIONS;
  }
  checkHostFacts(tree, problems);
  return tryReadOptions(tree, globalOptions(), "global", problems)?.options ?? NO_GLOBAL_OPTIONS;
}

function checkHostFacts(global: MapTree, problems: ProblemList): void {
  const entry = global.entries.find(({ key }) => key.toLowerCase() === HOST_KEY.toLowerCase());
  if (entry?.value.kind !== "map") return;
  for (const { key, keyPlace, value } of entry.value.entries) {
    if (HOST_FACTS.includes(key) || plainValue(value) === "") continue;
    const message = "not supported: only HOST_NAME and HOST_IP are";
    problems.error(keyPlace, `global.${entry.key}.${key}`, message, tryNearest(key, HOST_FACTS));
  }
}
