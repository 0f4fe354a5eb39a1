/**
 * Which plugins may stand beside which. Here all may, in any order; where the original would refuse the file, the user is told once,
 * so that a file that must run in both is written for both.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/config/CollectionConfig.cpp
 *
 * @module
 */
import type { ProblemList } from "./problem.ts";
import { type MapTree, type TextTree, type Tree, tryEntry } from "./tree.ts";

const MESSAGE = "a native processor behind an extended one: works here as written, iLogtail refuses such a file";

/** Mentions the first native processor that stands behind one that is not. */
export function noteProcessorOrder(root: MapTree, problems: ProblemList): void {
  const list = tryEntry(root, "processors")?.value;
  const types = list?.kind === "list" ? list.items.map(tryType) : [];
  const firstExtended = types.findIndex((type) => type !== undefined && !isNative(type.text));
  const index = types.findIndex((type, at) => at > firstExtended && type !== undefined && isNative(type.text));
  const type = types[index];
  if (firstExtended >= 0 && type) problems.warn(type.place, `processors[${index}].Type`, MESSAGE);
}

function tryType(item: Tree): TextTree | undefined {
  const type = item.kind === "map" ? tryEntry(item, "Type")?.value : undefined;
  return type?.kind === "text" ? type : undefined;
}

function isNative(name: string): boolean {
  return /^processor_(\w+_(native|accelerate)|spl)(\/|$)/.test(name);
}
