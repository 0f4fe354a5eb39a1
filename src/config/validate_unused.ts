/**
 * The lists of plugins that a pipeline of the original may have and that do nothing here: `aggregators` and `extensions`. They are
 * checked as there, so that a slip is told, and mentioned, because somebody may rely on them.
 * Source: https://github.com/alibaba/loongcollector/tree/main/plugins/aggregator
 *
 * @module
 */
import type { ProblemList } from "./problem.ts";
import { tryNearest } from "./suggest.ts";
import { describeTree, isNothing, type MapTree, type Tree, tryEntry } from "./tree.ts";

/** The original's aggregators. */
export const AGGREGATORS: readonly string[] = [
  "aggregator_base",
  "aggregator_content_value_group",
  "aggregator_context",
  "aggregator_default",
  "aggregator_entity",
  "aggregator_group",
  "aggregator_logstore_router",
  "aggregator_metadata_group",
  "aggregator_opentelemetry",
  "aggregator_pipelineevent_group",
  "aggregator_shardhash",
  "aggregator_skywalking",
];

const NO_AGGREGATOR = "has no effect: records of all containers are batched together";
const NO_EXTENSION = "has no effect: no plugin here uses an extension";

/** Checks both lists. What is wrong with them goes to `problems`. */
export function checkUnusedPlugins(root: MapTree, problems: ProblemList): void {
  itemsOf(root, "aggregators", problems).forEach((item, index) => {
    const path = `aggregators[${index}]`;
    const name = tryName(item, path, problems);
    if (index > 0) problems.error(item.place, path, "a pipeline has at most one aggregator");
    else if (name !== undefined) checkAggregator(name, item, path, problems);
  });
  itemsOf(root, "extensions", problems).forEach((item, index) => {
    const path = `extensions[${index}]`;
    if (tryName(item, path, problems) !== undefined) problems.warn(item.place, path, NO_EXTENSION);
  });
}

function itemsOf(root: MapTree, key: string, problems: ProblemList): readonly Tree[] {
  const value = tryEntry(root, key)?.value;
  if (value === undefined || isNothing(value)) return [];
  if (value.kind === "list") return value.items;
  problems.error(value.place, key, `must be a list, not ${describeTree(value)}`);
  return [];
}

/** @returns the plugin's name, without an instance's behind a slash. */
function tryName(item: Tree, path: string, problems: ProblemList): string | undefined {
  const type = item.kind === "map" ? tryEntry(item, "Type")?.value : undefined;
  if (type?.kind === "text" && type.text !== "") return type.text.replace(/\/.*$/, "");
  const message = item.kind === "map" ? "Type is missing" : `must be a map with a Type, not ${describeTree(item)}`;
  problems.error(item.place, path, message);
  return undefined;
}

function checkAggregator(name: string, item: Tree, path: string, problems: ProblemList): void {
  if (AGGREGATORS.includes(name)) problems.warn(item.place, path, NO_AGGREGATOR);
  else problems.error(item.place, path, `unknown aggregator "${name}"`, tryNearest(name, AGGREGATORS));
}
