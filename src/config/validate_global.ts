/**
 * The keys of a pipeline beside its plugins: `global`, `aggregators`, `extensions`, `createTime`. What Sluice does not do is refused
 * where it would change the original's records, and only mentioned otherwise.
 *
 * @module
 */
import type { StringMap } from "../core/container.ts";
import type { GlobalOptions } from "../core/global_options.ts";
import { asksForNothing } from "../core/option_notes.ts";
import { textMap } from "../core/options.ts";
import type { ProblemList } from "./problem.ts";
import { tryNearest } from "./suggest.ts";
import {
  describeTree,
  type Entry,
  isNothing,
  joinPath,
  type MapTree,
  placeOf,
  plainValue,
  type Tree,
  tryEntry,
} from "./tree.ts";

/** What a pipeline says beside its plugins. */
export interface Surroundings {
  readonly global: GlobalOptions;
  /** Seconds since 1970; of two pipelines that want the same file, the older one gets it. */
  readonly createTime: number | undefined;
}

/** Keys of `global` that change records, with the value, beside none, that asks for what is done anyway. */
const RECORD_CHANGING: ReadonlyMap<string, string> = new Map([
  ["TopicType", "none"],
  ["TopicFormat", "none"],
  ["EnableTimestampNanosecond", "false"],
  ["UsingOldContentTag", "false"],
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

/** Keys of `global` that hold names of tags; the last is another name of the second. */
const TAG_KEYS = ["PipelineMetaTagKey", "AgentEnvMetaTagKey", "AgentMetaTagKey"] as const;
/** The facts of the host that can become tags here. */
const HOST_FACTS = ["HOST_NAME", "HOST_IP"];

/** Reads all that stands beside the plugins in a pipeline. What is wrong with it goes to `problems`. */
export function readSurroundings(root: MapTree, problems: ProblemList): Surroundings {
  const remarks = {
    aggregators: "records of all containers are batched together",
    extensions: "no plugin here uses one",
  };
  for (const [key, remark] of Object.entries(remarks)) {
    const entry = tryEntry(root, key);
    if (entry && !asksForNothing(plainValue(entry.value))) problems.warn(entry.keyPlace, key, `ignored: ${remark}`);
  }
  return {
    global: readGlobal(root, problems),
    createTime: readCreateTime(tryEntry(root, "createTime")?.value, problems),
  };
}

function readCreateTime(tree: Tree | undefined, problems: ProblemList): number | undefined {
  if (tree === undefined || isNothing(tree)) return undefined;
  if (tree.kind === "text" && /^\d+$/.test(tree.text)) return Number(tree.text);
  problems.error(tree.place, "createTime", `must be seconds since 1970, not ${describeTree(tree)}`);
  return undefined;
}

function readGlobal(root: MapTree, problems: ProblemList): GlobalOptions {
  const global = tryEntry(root, "global")?.value;
  const entries = global?.kind === "map" ? global.entries : [];
  if (global !== undefined && global.kind !== "map" && !isNothing(global)) {
    problems.error(global.place, "global", `must be a map, not ${describeTree(global)}`);
  }
  entries.forEach((entry) => checkGlobalEntry(entry, problems));
  const [pipelineKey, ...agentKeys] = TAG_KEYS.map((name) => tryNames(entries, name, problems));
  checkHostFacts(entries, problems);
  return { pipelineMetaTagKey: pipelineKey ?? {}, agentEnvMetaTagKey: agentKeys.find((names) => names !== undefined) };
}

/** The names of tags under a key, whose upper and lower case does not matter. */
function tryNames(entries: readonly Entry[], name: string, problems: ProblemList): StringMap | undefined {
  const entry = entries.find(({ key }) => key.toLowerCase() === name.toLowerCase());
  if (entry === undefined || isNothing(entry.value)) return undefined;
  const result = textMap().safeParse(plainValue(entry.value));
  for (const { path, message } of result.error?.issues ?? []) {
    problems.error(placeOf(entry.value, path), joinPath(`global.${entry.key}`, path), message);
  }
  return result.data;
}

function checkHostFacts(entries: readonly Entry[], problems: ProblemList): void {
  const entry = entries.find(({ key }) => key.toLowerCase() === TAG_KEYS[0].toLowerCase());
  if (entry?.value.kind !== "map") return;
  for (const { key, keyPlace, value } of entry.value.entries) {
    if (HOST_FACTS.includes(key) || plainValue(value) === "") continue;
    const message = "not supported: only HOST_NAME and HOST_IP are";
    problems.error(keyPlace, `global.${entry.key}.${key}`, message, tryNearest(key, HOST_FACTS));
  }
}

function checkGlobalEntry({ key, keyPlace, value }: Entry, problems: ProblemList): void {
  const names = [...RECORD_CHANGING.keys(), ...TUNING, ...TAG_KEYS];
  const name = names.find((one) => one.toLowerCase() === key.toLowerCase());
  const given = plainValue(value);
  if (name === undefined) {
    problems.warn(keyPlace, `global.${key}`, "unknown option, ignored", tryNearest(key, names));
  } else if (TUNING.includes(name)) {
    problems.warn(keyPlace, `global.${key}`, "has no effect here, ignored");
  } else if (RECORD_CHANGING.has(name) && !asksForNothing(given) && given !== RECORD_CHANGING.get(name)) {
    problems.error(keyPlace, `global.${key}`, "not supported yet");
  }
}
