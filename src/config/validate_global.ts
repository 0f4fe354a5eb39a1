/**
 * The keys of a pipeline beside its plugins: `global`, `aggregators`, `extensions`, `createTime`. Nothing of them changes what Sluice
 * does, so whatever would change the original's records is refused and the rest is only mentioned.
 *
 * @module
 */
import { asksForNothing } from "../core/option_notes.ts";
import type { ProblemList } from "./problem.ts";
import { tryNearest } from "./suggest.ts";
import { describeTree, type Entry, isNothing, type MapTree, plainValue, type Tree, tryEntry } from "./tree.ts";

/** Keys of `global` that change records, with the value, beside none, that asks for what is done anyway. */
const RECORD_CHANGING: ReadonlyMap<string, string> = new Map([
  ["TopicType", "none"],
  ["TopicFormat", "none"],
  ["EnableTimestampNanosecond", "false"],
  ["UsingOldContentTag", "false"],
  ["PipelineMetaTagKey", ""],
  ["AgentEnvMetaTagKey", ""],
  ["AgentMetaTagKey", ""],
  ["StructureType", "v1"],
  ["ExcutionTimeout", ""],
]);

/** Keys of `global` that tune the original's own machinery. */
const TUNING = [
  "Priority",
  "InputIntervalMs",
  "InputMaxFirstCollectDelayMs",
  "AggregatIntervalMs",
  "FlushIntervalMs",
  "DefaultLogQueueSize",
  "DefaultLogGroupQueueSize",
  "DelayStopSec",
];

/** Checks all that stands beside the plugins in a pipeline. */
export function checkSurroundings(root: MapTree, problems: ProblemList): void {
  const global = tryEntry(root, "global")?.value;
  if (global !== undefined && !isNothing(global)) checkGlobal(global, problems);
  checkCreateTime(tryEntry(root, "createTime")?.value, problems);
  const remarks = {
    aggregators: "records of all containers are batched together",
    extensions: "no plugin here uses one",
  };
  for (const [key, remark] of Object.entries(remarks)) {
    const entry = tryEntry(root, key);
    if (entry && !asksForNothing(plainValue(entry.value))) problems.warn(entry.keyPlace, key, `ignored: ${remark}`);
  }
}

function checkCreateTime(tree: Tree | undefined, problems: ProblemList): void {
  if (tree === undefined || isNothing(tree)) return;
  if (tree.kind === "text" && /^\d+$/.test(tree.text)) return;
  problems.error(tree.place, "createTime", `must be seconds since 1970, not ${describeTree(tree)}`);
}

function checkGlobal(global: Tree, problems: ProblemList): void {
  if (global.kind !== "map") {
    problems.error(global.place, "global", `must be a map, not ${describeTree(global)}`);
  } else {
    global.entries.forEach((entry) => checkGlobalEntry(entry, problems));
  }
}

function checkGlobalEntry({ key, keyPlace, value }: Entry, problems: ProblemList): void {
  const names = [...RECORD_CHANGING.keys(), ...TUNING];
  const name = names.find((one) => one.toLowerCase() === key.toLowerCase());
  const given = plainValue(value);
  if (name === undefined) {
    problems.warn(keyPlace, `global.${key}`, "unknown option, ignored", tryNearest(key, names));
  } else if (TUNING.includes(name)) {
    problems.warn(keyPlace, `global.${key}`, "has no effect here, ignored");
  } else if (!asksForNothing(given) && given !== RECORD_CHANGING.get(name)) {
    problems.error(keyPlace, `global.${key}`, "not supported yet");
  }
}
